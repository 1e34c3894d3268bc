namespace ComodCluster.Grains.Jobs;

/// <summary>What the catalog keeps of a job's runs and nobody is shown: further members of the stored JSON.</summary>
internal sealed record JobRuns
{
    /// <summary>Epoch of the latest run that came to its work, past the queue.</summary>
    public long? BegunEpoch { get; init; }

    /// <summary>When it came to its work.</summary>
    public DateTimeOffset? Begun { get; init; }

    /// <summary>Addresses of the silos that died while the job ran, since it last got on.</summary>
    public IReadOnlyList<string>? Fell { get; init; }

    /// <summary>How many of the job's deaths say nothing of it: other silos fell too.</summary>
    public int? Excused { get; init; }

    /// <summary>No run is dispatched before.</summary>
    public DateTimeOffset? NotBefore { get; init; }
}
