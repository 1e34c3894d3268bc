namespace ComodCluster.Engine.Execution;

/// <summary>The queue is full: a result to act on, not a fault.</summary>
public sealed class EngineBusyException(TimeSpan retryAfter) : Exception("The engine is busy; try again shortly.")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
