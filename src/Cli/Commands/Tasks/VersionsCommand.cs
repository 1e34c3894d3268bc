using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

internal sealed class VersionsCommand : ClientCommand
{
    private readonly Argument<string> _name = Commands.Arguments.Name("task");
    private readonly Option<bool> _metrics = new("--metrics")
    {
        Description = "Everything that was measured instead: precision, recall, F1, calibration, costs.",
    };

    public VersionsCommand(Terminal terminal)
        : base(
            terminal,
            "versions",
            "Lists the versions of a task; * marks the one that answers.",
            "comod task versions gear-or-washer",
            "comod task versions gear-or-washer --metrics"
        )
    {
        Arguments.Add(_name);
        Options.Add(_metrics);
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var versions = await client.Tasks.Versions(arguments.GetRequiredValue(_name), cancellation);
        if (arguments.IsJson())
            Terminal.Json(versions);
        else if (arguments.GetValue(_metrics))
            VersionsTable.WriteMetrics(Terminal, versions);
        else
            VersionsTable.Write(Terminal, versions);
        return 0;
    }
}
