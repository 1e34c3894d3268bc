using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Cli.Commands.Tasks;

/// <summary>
/// The settings of an adaptation on the command line; those not given are the task's own, then the engine's.
/// </summary>
internal sealed class MethodSettings
{
    // Settings of earlier builds: docs/decisions/0016-removed-settings.md.
    private static readonly string[] s_removed =
    [
        "--gain-at",
        "--gain-per",
        "--label-form",
        "--optimizer",
        "--refresh-from",
        "--strength",
    ];

    private readonly IReadOnlyList<MethodSetting> _settings = MethodSetting.All();

    public void AddTo(Command command)
    {
        foreach (var setting in _settings)
            command.Options.Add(setting.Option);
        foreach (var name in s_removed)
            RefusedOption.Removed(command, name);
    }

    /// <returns>Null where nothing was given.</returns>
    public MethodOptions? Read(ParseResult arguments)
    {
        var given = new JsonObject(
            _settings.Select(s => KeyValuePair.Create(s.Name, s.Read(arguments))).Where(s => s.Value is not null)
        );
        return given.Count == 0 ? null : given.Deserialize<MethodOptions>(JsonSerializerOptions.Web);
    }

    public static Option<string?> OneOf<T>(string name, string description, IEnumerable<T> values)
        where T : struct, Enum
    {
        var names = values.Select(Format.Name).ToArray();
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', names) };
        option.AcceptOnlyFromAmong(names);
        return option;
    }

    public static T? Value<T>(string? name)
        where T : struct, Enum => name is null ? null : Enum.GetValues<T>().Single(value => Format.Name(value) == name);
}
