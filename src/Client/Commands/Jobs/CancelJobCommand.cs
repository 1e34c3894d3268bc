using System.CommandLine;
using ComodCluster.Client.Sdk;

namespace ComodCluster.Client.Commands.Jobs;

internal sealed class CancelJobCommand : ClientCommand
{
    private readonly Argument<string> _id = Commands.Arguments.JobId();

    public CancelJobCommand(Terminal terminal) : base(terminal, "cancel", "Ends a job; what it made so far is dropped.", "comod job cancel monday")
    {
        Arguments.Add(_id);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var job = await client.Jobs.Cancel(arguments.GetRequiredValue(_id), cancellation);
        Terminal.Line($"Job {job.Id}: {Format.Name(job.Phase)}.");
        return 0;
    }
}
