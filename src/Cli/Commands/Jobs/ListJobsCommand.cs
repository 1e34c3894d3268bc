using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Jobs;

internal sealed class ListJobsCommand : ClientCommand
{
    public ListJobsCommand(Terminal terminal) : base(terminal, "list", "Lists jobs.", "comod job list", "comod job list -o json")
    {
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var jobs = await client.Jobs.List(cancellation);
        if (arguments.IsJson()) Terminal.Json(jobs);
        else
            Listing.Write(Terminal, jobs, "No jobs yet.",
                ("id", job => job.Id), ("kind", job => Format.Name(job.Kind)), ("subject", job => job.Subject), ("phase", job => Format.Name(job.Phase)),
                ("progress", job => $"{job.Progress:P0}"), ("resumed", job => job.Resumes == 0 ? "" : $"{job.Resumes}x"), ("created", job => Format.Time(job.Created)),
                ("reason", job => job.Error?.Message ?? ""));
        return 0;
    }
}
