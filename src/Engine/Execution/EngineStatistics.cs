namespace ComodCluster.Engine.Execution;

/// <summary>Counters since the engine started, and gauges of this moment.</summary>
public sealed record EngineStatistics
{
    public required long Steps { get; init; }
    public required long StepRows { get; init; }
    public required long Refreshes { get; init; }
    public required long Predictions { get; init; }
    public required long PrefixHits { get; init; }
    public required long PrefixMisses { get; init; }
    public required long PrefixBytes { get; init; }

    /// <summary>Images waiting for a prediction.</summary>
    public required int PredictQueueDepth { get; init; }

    /// <summary>Adaptations under way.</summary>
    public required int RunningJobs { get; init; }
    public required int ActiveLanes { get; init; }

    /// <summary>Seconds in which the device thread worked.</summary>
    public required double BusySeconds { get; init; }
    public required int ResidentBackbones { get; init; }
    public required long LiveTensors { get; init; }
}
