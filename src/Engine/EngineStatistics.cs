namespace ComodCluster.Engine;

/// <summary>Counters since the engine started, and gauges of this moment.</summary>
public sealed record EngineStatistics
{
    public required long Steps { get; init; }
    public required long StepRows { get; init; }
    public required long Refreshes { get; init; }
    public required long Predictions { get; init; }

    /// <summary>Batches that the predictions shared.</summary>
    public required long PredictBatches { get; init; }
    public required long ActivationHits { get; init; }
    public required long ActivationDiskHits { get; init; }
    public required long ActivationMisses { get; init; }
    public required long PrefixBytes { get; init; }
    public required long ActivationDiskBytes { get; init; }

    /// <summary>Files and items that were damaged or of another version: ignored and computed again.</summary>
    public required long ActivationDamaged { get; init; }

    /// <summary>Files that could not be opened or written.</summary>
    public required long ActivationDiskFailures { get; init; }

    /// <summary>Images of predictions that are not answered yet.</summary>
    public required int PredictQueueDepth { get; init; }

    /// <summary>Adaptations under way.</summary>
    public required int RunningJobs { get; init; }
    public required int ActiveLanes { get; init; }

    /// <summary>Seconds in which the device thread worked.</summary>
    public required double BusySeconds { get; init; }
    public required int ResidentBackbones { get; init; }
    public required long LiveTensors { get; init; }

    /// <summary>Times that the device ran out of memory and a batch was run with half the rows.</summary>
    public required long BatchHalvings { get; init; }
}
