namespace ComodCluster.Api.Planning;

/// <summary>What a method costs and returns.</summary>
[GenerateSerializer, Alias("comod.PlanCost")]
public sealed record PlanCost
{
    [Id(0)]
    public required PlanMethod Method { get; init; }

    /// <summary>
    /// Estimate for the job alone on this device, from what the plan measured and counts of operations.
    /// </summary>
    [Id(1)]
    public required double DeviceSeconds { get; init; }

    [Id(2)]
    public required long PrefixBytes { get; init; }

    /// <summary>Images whose prefix activations are in no cache yet.</summary>
    [Id(3)]
    public required int PrefixMissing { get; init; }

    [Id(4)]
    public required long StateBytes { get; init; }

    [Id(5)]
    public required long TrainedParameters { get; init; }

    /// <summary>What is known of its accuracy before it runs; null: nothing.</summary>
    [Id(6)]
    public PlanInterval? Accuracy { get; init; }

    /// <summary>Where the accuracy comes from, or why there is none.</summary>
    [Id(7)]
    public required string Basis { get; init; }

    /// <summary>
    /// Points of accuracy above the head as it is (or chance, for a readout of the task's own) per device-second.
    /// </summary>
    [Id(8)]
    public double? PointsPerSecond { get; init; }
}
