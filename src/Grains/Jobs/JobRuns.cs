namespace ComodCluster.Grains.Jobs;

/// <summary>What the catalog keeps of a job's runs and nobody is shown: further members of the stored JSON.</summary>
internal sealed record JobRuns
{
    /// <summary>Epoch of the latest run that came to its work, past the queue.</summary>
    public long? BegunEpoch { get; init; }

    /// <summary>No run is dispatched before.</summary>
    public DateTimeOffset? NotBefore { get; init; }
}
