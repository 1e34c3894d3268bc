namespace ComodCluster.Engine.Execution;

/// <summary>Counters since the engine started, and gauges of this moment.</summary>
public sealed record EngineStatistics
{
    public required long Steps { get; init; }
    public required long StepRows { get; init; }
    public required long Refreshes { get; init; }
    public required long Predictions { get; init; }

    /// <summary>Tiles that the predictions shared.</summary>
    public required long PredictTiles { get; init; }
    public required long PrefixHits { get; init; }
    public required long PrefixDiskHits { get; init; }
    public required long PrefixMisses { get; init; }
    public required long PrefixBytes { get; init; }
    public required long PrefixDiskBytes { get; init; }

    /// <summary>Files and items that were damaged or of another version: ignored and computed again.</summary>
    public required long PrefixDamaged { get; init; }

    /// <summary>Files that could not be opened or written.</summary>
    public required long PrefixDiskFailures { get; init; }

    /// <summary>Images of predictions that are not answered yet.</summary>
    public required int PredictQueueDepth { get; init; }

    /// <summary>Adaptations under way.</summary>
    public required int RunningJobs { get; init; }
    public required int ActiveLanes { get; init; }

    /// <summary>Seconds in which the device thread worked.</summary>
    public required double BusySeconds { get; init; }
    public required int ResidentBackbones { get; init; }
    public required long LiveTensors { get; init; }

    /// <summary>Times that the device ran out of memory and a tile was run with half the rows.</summary>
    public required long TileHalvings { get; init; }
}
