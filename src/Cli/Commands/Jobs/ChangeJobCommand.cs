using System.CommandLine;
using ComodCluster.Api.Jobs;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Jobs;

/// <summary>What a user may want of a job under way: one request, and the phase that it leads to.</summary>
internal sealed class ChangeJobCommand : ClientCommand
{
    private readonly Argument<string> _id = Commands.Arguments.JobId();
    private readonly Func<JobClient, string, CancellationToken, Task<JobInfo>> _change;

    public ChangeJobCommand(
        Terminal terminal,
        string name,
        string description,
        Func<JobClient, string, CancellationToken, Task<JobInfo>> change
    )
        : base(terminal, name, description, $"comod job {name} monday")
    {
        _change = change;
        Arguments.Add(_id);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var job = await _change(client.Jobs, arguments.GetRequiredValue(_id), cancellation);
        Terminal.Line($"Job {job.Id}: {Format.Name(job.Phase)}.");
        return 0;
    }
}
