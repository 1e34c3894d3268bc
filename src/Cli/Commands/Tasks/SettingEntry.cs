namespace ComodCluster.Cli.Commands.Tasks;

/// <summary>A row of the engine's table of settings, as settings.json carries it.</summary>
/// <param name="Name">As JSON spells it.</param>
/// <param name="Option">Without its dashes.</param>
/// <param name="Type">whole-number, number, choice, layer or layers.</param>
/// <param name="Doc">One sentence without its full stop.</param>
/// <param name="Default">In words.</param>
/// <param name="Least">Null: none.</param>
/// <param name="Most">Null: none.</param>
/// <param name="Choices">Null: all of the range.</param>
internal sealed record SettingEntry(
    string Name,
    string Option,
    string Type,
    string Doc,
    string Default,
    double? Least,
    double? Most,
    string[]? Choices
);
