using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

internal sealed class VersionsCommand : ClientCommand
{
    private readonly Argument<string> _name = Commands.Arguments.Name("task");
    private readonly Argument<int?> _version = new("version")
    {
        Description = "Shows this one with all settings that it was made with.",
        HelpName = "VERSION",
        Arity = ArgumentArity.ZeroOrOne,
    };
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
            "comod task versions gear-or-washer 2",
            "comod task versions gear-or-washer --metrics"
        )
    {
        Arguments.Add(_name);
        Arguments.Add(_version);
        Options.Add(_metrics);
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var name = arguments.GetRequiredValue(_name);
        if (arguments.GetValue(_version) is { } number)
        {
            var one = (
                await client.Tasks.Versions(name, Math.Max(number, 1) - 1, limit: 1, cancellation)
            ).FirstOrDefault(version => version.Version == number);
            if (one is null)
                throw new UsageException(
                    $"The task '{name}' has no version {number}: see which there are with 'comod task versions {name}'."
                );
            if (arguments.IsJson())
                Terminal.Json(one);
            else
                VersionsTable.WriteOne(Terminal, one);
            return 0;
        }
        var versions = await client.Tasks.Versions(name, cancellation);
        if (arguments.IsJson())
            Terminal.Json(versions);
        else if (arguments.GetValue(_metrics))
            VersionsTable.WriteMetrics(Terminal, versions);
        else
            VersionsTable.Write(Terminal, versions);
        return 0;
    }
}
