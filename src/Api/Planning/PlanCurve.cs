namespace ComodCluster.Api.Planning;

/// <summary>Learning curve of a readout that is fitted to the frozen penultimate features.</summary>
[GenerateSerializer, Alias("comod.PlanCurve")]
public sealed record PlanCurve
{
    [Id(0)]
    public required IReadOnlyList<PlanCurvePoint> Points { get; init; }

    /// <summary>
    /// Exponent of the error over the number of examples, at most 0; null where only one size could be tried.
    /// </summary>
    [Id(1)]
    public double? Exponent { get; init; }

    /// <summary>Accuracy to be expected at the task's examples.</summary>
    [Id(2)]
    public required PlanInterval Expected { get; init; }

    /// <summary>At twice as many.</summary>
    [Id(3)]
    public required PlanInterval Doubled { get; init; }
}
