using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Jobs;

internal sealed class ShowJobCommand : ClientCommand
{
    private readonly Argument<string> _id = Commands.Arguments.JobId();

    public ShowJobCommand(Terminal terminal) : base(terminal, "show", "Shows one job.", "comod job show train-0123456789abcdef")
    {
        Arguments.Add(_id);
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var job = await client.Jobs.Get(arguments.GetRequiredValue(_id), cancellation);
        if (arguments.IsJson()) Terminal.Json(job);
        else
            Listing.Write(Terminal, ("id", job.Id), ("kind", Format.Name(job.Kind)), ("subject", job.Subject), ("phase", Format.Name(job.Phase)),
                ("progress", $"{job.Progress:P0}"), ("activity", job.Activity), ("loss", job.Loss?.ToString("0.000")), ("accuracy", job.Accuracy?.ToString("0.000")),
                ("versions", string.Join(", ", job.Versions)), ("resumed", job.Resumes == 0 ? null : $"{job.Resumes} times"), ("created", Format.Time(job.Created)),
                ("started", Format.Time(job.Started)), ("finished", Format.Time(job.Finished)), ("error", job.Error is { } error ? $"{error.Code}: {error.Message}" : null));
        return 0;
    }
}
