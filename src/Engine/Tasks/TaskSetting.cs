using System.Globalization;
using System.Text.Json;

namespace ComodCluster.Engine.Tasks;

/// <summary>A setting of an adaptation: one row of <see cref="SettingTable"/>.</summary>
/// <param name="Name">As JSON spells it.</param>
/// <param name="Type">What JSON has for it.</param>
/// <param name="Doc">One sentence without its full stop.</param>
/// <param name="Get">The value: a number, a name, or null where there is none.</param>
/// <param name="Set">The settings with the value that JSON has.</param>
public sealed record TaskSetting(
    string Name,
    SettingType Type,
    string Doc,
    Func<TaskSettings, object?> Get,
    Func<TaskSettings, JsonElement, TaskSettings> Set
)
{
    /// <summary>The least value, itself included unless <see cref="AboveLeast"/>.</summary>
    public double? Least { get; init; }
    public bool AboveLeast { get; init; }
    public double? Most { get; init; }

    /// <summary>Only even numbers.</summary>
    public bool Even { get; init; }

    /// <summary>The range is that of the absolute value.</summary>
    public bool OfEitherSign { get; init; }

    /// <summary>The values that there are; empty: all of the range.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    public string? Unit { get; init; }

    /// <summary>What a message adds to the range.</summary>
    public string? Hint { get; init; }

    /// <summary>When the setting has an effect; null: always.</summary>
    public string? Applies { get; init; }

    /// <summary>What is taken where nobody names the setting, by method or kind of task where it differs.</summary>
    public required string Default { get; init; }

    /// <summary>The first version that has it.</summary>
    public string Since { get; init; } = "0.1";

    /// <summary>The option of comod, without its dashes.</summary>
    public string Option { get; init; } = JsonNamingPolicy.KebabCaseLower.ConvertName(Name);

    /// <summary>The values that may be chosen, in words.</summary>
    public string Range =>
        this switch
        {
            { Choices.Count: > 0 } => $"{string.Join(", ", Choices.SkipLast(1))} or {Choices[^1]}",
            { Even: true } => $"an even number, {Text(Least)} to {Text(Most)}",
            { OfEitherSign: true } => $"{Text(Least)} to {Text(Most)} or its negative",
            { AboveLeast: true } => $"above {Text(Least)} and at most {Text(Most)}",
            { Least: { } least, Most: { } most } => $"{Text(least)} to {Text(most)}",
            { Least: 0 } => "0 or more",
            { Least: { } least } => $"at least {Text(least)}",
            { Type: SettingType.Layers } => "layers that come one after the other",
            _ => "a layer of the network",
        };

    /// <exception cref="InputException">settings-invalid: names the setting, its value and its range.</exception>
    public void Validate(TaskSettings settings)
    {
        if (Get(settings) is { } value && !Holds(value))
            throw Refusal(value);
    }

    /// <summary>Why a value cannot be taken.</summary>
    public InputException Refusal(object? value) =>
        new(
            "settings-invalid",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The setting {Name} is {value}; choose {Range}{(Hint is null ? "" : $"{Hint}")}."
            )
        );

    private bool Holds(object value)
    {
        if (Type is SettingType.Layer or SettingType.Layers)
            return true;
        if (Choices.Count > 0)
            return Choices.Contains(Convert.ToString(value, CultureInfo.InvariantCulture)!);
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (OfEitherSign)
            number = Math.Abs(number);
        return double.IsFinite(number)
            && !(number < Least || number > Most || (AboveLeast && number == Least))
            && !(Even && number % 2 != 0);
    }

    private static string Text(double? value) => value?.ToString("0.#####", CultureInfo.InvariantCulture) ?? "";
}
