using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Silos;

internal sealed class ListWorkersCommand : ClientCommand
{
    public ListWorkersCommand(Terminal terminal) : base(terminal, "list", "Lists the workers of the cluster and what they do.",
        "comod silo list --address http://gateway:5080", "comod silo list -o json")
    {
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var workers = await client.Workers.List(cancellation);
        if (arguments.IsJson()) Terminal.Json(workers);
        else
            Listing.Write(Terminal, workers, "No worker is alive.",
                ("name", w => w.Name), ("device", w => w.Device), ("state", w => w.Draining ? "draining" : "open"), ("tasks", w => $"{w.Tasks}"),
                ("running", w => $"{w.RunningJobs}"), ("waiting", w => $"{w.WaitingJobs}"), ("backlog", w => $"{w.BacklogSeconds:0} s"), ("ended", w => $"{w.EndedJobs}"), ("silo", w => w.Silo));
        return 0;
    }
}
