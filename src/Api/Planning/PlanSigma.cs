namespace ComodCluster.Api.Planning;

/// <summary>Which amplitudes of the modulator are safe at the best cut, for the couplings of one step there.</summary>
[GenerateSerializer, Alias("comod.PlanSigma")]
public sealed record PlanSigma
{
    [Id(0)]
    public required string Cut { get; init; }

    /// <summary>
    /// By how much the noise may raise the expected held-out loss, as a share of the loss without couplings.
    /// </summary>
    [Id(1)]
    public required double Bound { get; init; }

    /// <summary>Largest sigma within the bound.</summary>
    [Id(2)]
    public required double Safe { get; init; }

    /// <summary>False where even the largest amplitude that was tried stays within the bound.</summary>
    [Id(3)]
    public required bool Limited { get; init; }

    /// <summary>
    /// Share of the variance of the decoder's features that the modulator explains at the safe sigma.
    /// </summary>
    [Id(4)]
    public required double Explained { get; init; }

    /// <summary>Largest coupling of the step, in absolute value.</summary>
    [Id(5)]
    public required double LargestCoupling { get; init; }

    [Id(6)]
    public required IReadOnlyList<PlanSigmaPoint> Points { get; init; }
}
