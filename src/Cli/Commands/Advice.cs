using System.Text.RegularExpressions;

namespace ComodCluster.Cli.Commands;

/// <summary>Turns what a server advises to users of its routes into commands.</summary>
internal static partial class Advice
{
    private static readonly Dictionary<string, string> s_nouns = new()
    {
        ["backbones"] = "backbone",
        ["datasets"] = "data",
        ["tasks"] = "task",
        ["jobs"] = "job",
        ["workers"] = "silo",
    };

    // What an import advises, and the options of 'comod data upload' that do it.
    private static readonly (string Advised, string Options)[] s_options =
    [
        ("send it again with the right encoding", "upload it again with --encoding NAME"),
        ("skip what is unreadable", "upload it again with --skip-unreadable"),
    ];

    /// <summary>
    /// The sentence with commands in the place of routes, and options in that of settings; a route without a command
    /// stays.
    /// </summary>
    public static string OfCommands(string sentence) =>
        s_options.Aggregate(
            Route().Replace(sentence, route => CommandOf(route) is { } command ? $"'{command}'" : route.Value),
            (text, option) => text.Replace(option.Advised, option.Options, StringComparison.Ordinal)
        );

    private static string? CommandOf(Match route)
    {
        var (method, name, verb) = (
            route.Groups["method"].Value,
            route.Groups["name"].Value,
            route.Groups["verb"].Value
        );
        if (route.Groups["noun"].Value == "plan")
            return "comod plan";
        if (!s_nouns.TryGetValue(route.Groups["noun"].Value, out var noun))
            return null;
        var command = (method, noun, name.Length > 0, verb) switch
        {
            ("GET", _, false, "") => "list",
            ("GET", "task" or "job", true, "") => "show",
            ("GET", "backbone" or "data", true, "") => "list",
            ("GET", "job", true, "events") => "watch",
            ("PUT", "data", _, "") => "upload",
            ("PUT", "backbone", _, "") => "register",
            ("POST", "task", false, "") => "create",
            ("DELETE", _, true, "") => "delete",
            (_, _, true, not "") => verb,
            _ => null,
        };
        if (command is null)
            return null;
        var of = command is "list" or "upload" || name.Length == 0 ? "" : $" {name}";
        return $"comod {noun} {command}{of}";
    }

    [GeneratedRegex(
        @"\b(?<method>GET|PUT|POST|DELETE) /v1/(?<noun>[a-z]+)(/(?<name>[A-Za-z0-9{}-]+)(/(?<verb>[a-z]+))?)?(?![/\w])",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Route();
}
