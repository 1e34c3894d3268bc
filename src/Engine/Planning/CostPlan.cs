namespace ComodCluster.Engine.Planning;

/// <summary>What a method costs and returns.</summary>
public sealed record CostPlan
{
    public required PlannedMethod Method { get; init; }

    /// <summary>Device-seconds of the job alone; in company, lanes share batches.</summary>
    public required double DeviceSeconds { get; init; }

    /// <summary>Bytes of its prefix activations.</summary>
    public required long PrefixBytes { get; init; }

    /// <summary>Images whose activations are in no cache yet.</summary>
    public required int PrefixMissing { get; init; }

    public required long StateBytes { get; init; }
    public required long TrainedParameters { get; init; }

    /// <summary>What is known of its accuracy before it runs; null: nothing.</summary>
    public required Interval? Accuracy { get; init; }

    /// <summary>Where <see cref="Accuracy"/> comes from, or why there is none.</summary>
    public required string Basis { get; init; }

    /// <summary>
    /// Points of accuracy above the start (the head as it is, or chance) per device-second; null where the accuracy is
    /// not known.
    /// </summary>
    public required double? PointsPerSecond { get; init; }
}
