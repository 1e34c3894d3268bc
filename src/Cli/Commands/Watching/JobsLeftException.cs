namespace ComodCluster.Cli.Commands.Watching;

/// <summary>Who followed jobs was interrupted; they are stored and go on.</summary>
/// <param name="jobs">Ids of those that had not ended.</param>
internal sealed class JobsLeftException(IReadOnlyList<string> jobs, OperationCanceledException cause)
    : OperationCanceledException(cause.Message, cause, cause.CancellationToken)
{
    public IReadOnlyList<string> Jobs => jobs;
}
