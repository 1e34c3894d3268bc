using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Jobs;

internal sealed class WatchJobCommand : ClientCommand
{
    private readonly Argument<string> _id = Commands.Arguments.JobId();

    public WatchJobCommand(Terminal terminal)
        : base(terminal, "watch", "Follows a job to its end; fails where the job does.", "comod job watch monday")
    {
        Arguments.Add(_id);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var job = await client.Jobs.Get(arguments.GetRequiredValue(_id), cancellation);
        await Watcher(client).Watch(job.Subject, job, cancellation);
        return 0;
    }
}
