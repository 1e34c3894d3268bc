using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ComodCluster.Cli.Commands.Tasks;

/// <summary>One setting of an adaptation as an option.</summary>
/// <param name="Name">As JSON spells it.</param>
/// <param name="Option">With the range and the default of the engine's table.</param>
/// <param name="Read">The value as JSON has it; null: not given.</param>
internal sealed record MethodSetting(string Name, Option Option, Func<ParseResult, JsonNode?> Read)
{
    private static readonly SettingEntry[] s_table = Table();

    public static IReadOnlyList<MethodSetting> All() => [.. s_table.Select(Of)];

    private static MethodSetting Of(SettingEntry entry)
    {
        // What a number may be stands in the help's text: its placeholder is N, as in other commands.
        var numbers = entry is { Type: "whole-number", Choices: { } few } ? $": {string.Join(", ", few)}" : "";
        var (name, doc) = ($"--{entry.Option}", $"{entry.Doc}{numbers} [{entry.Default}].");
        if (entry.Choices is null)
        {
            switch (entry.Type)
            {
                case "whole-number":
                    var whole = new Option<int?>(name) { Description = doc, HelpName = "N" };
                    return new(
                        entry.Name,
                        Checks.Between((int)entry.Least!, (int)(entry.Most ?? int.MaxValue), whole),
                        a => a.GetValue(whole)
                    );
                case "number":
                    var number = new Option<double?>(name) { Description = doc, HelpName = "X" };
                    return new(entry.Name, number, a => a.GetValue(number));
            }
        }
        var text = new Option<string?>(name)
        {
            Description = doc,
            HelpName =
                entry.Choices is { } all ? (entry.Type == "whole-number" ? "N" : string.Join('|', all))
                : entry.Type == "layers" ? "A,B"
                : "LAYER",
        };
        if (entry.Choices is { } choices)
            text.AcceptOnlyFromAmong(choices);
        return new(
            entry.Name,
            text,
            a =>
                a.GetValue(text) is not { } value
                    ? null
                    : entry.Type switch
                    {
                        "layers" => new JsonArray([.. Split(value).Select(layer => (JsonNode)layer)]),
                        "whole-number" => int.Parse(value, System.Globalization.CultureInfo.InvariantCulture),
                        _ => value,
                    }
        );
    }

    private static string[] Split(string names) =>
        names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static SettingEntry[] Table()
    {
        using var file = typeof(MethodSetting).Assembly.GetManifestResourceStream("settings.json")!;
        return JsonSerializer.Deserialize<SettingEntry[]>(file, JsonSerializerOptions.Web)!;
    }
}
