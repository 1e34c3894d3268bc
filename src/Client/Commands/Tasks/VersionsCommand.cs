using System.CommandLine;
using ComodCluster.Client.Sdk;

namespace ComodCluster.Client.Commands.Tasks;

internal sealed class VersionsCommand : ClientCommand
{
    private readonly Argument<string> _name = Commands.Arguments.Name("task");

    public VersionsCommand(Terminal terminal) : base(terminal, "versions", "Lists the versions of a task; * marks the one that answers.", "comod task versions gear-or-washer")
    {
        Arguments.Add(_name);
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var versions = await client.Tasks.Versions(arguments.GetRequiredValue(_name), cancellation);
        if (arguments.IsJson()) Terminal.Json(versions);
        else VersionsTable.Write(Terminal, versions);
        return 0;
    }
}
