using System.CommandLine;

namespace ComodCluster.Cli.Commands;

/// <summary><c>--output table|json</c></summary>
internal static class OutputOption
{
    public static Option<OutputFormat> Instance { get; } =
        new("--output", "-o")
        {
            Description = "table or json.",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => OutputFormat.Table,
        };

    public static bool IsJson(this ParseResult arguments) => arguments.GetValue(Instance) == OutputFormat.Json;
}
