namespace ComodCluster.Api.Planning;

/// <summary>A candidate for the encoder layer.</summary>
[GenerateSerializer, Alias("comod.PlanCut")]
public sealed record PlanCut
{
    [Id(0)]
    public required string Cut { get; init; }

    /// <summary>
    /// 1 is the recommended cut: the default one unless another promises more for certain. The others follow by what
    /// was measured.
    /// </summary>
    [Id(1)]
    public required int Rank { get; init; }

    /// <summary>
    /// Log evidence of a linear model of the labels on the features, nats per image: LogME. The features of a cut are
    /// its activations averaged over positions; at the last cut these are the penultimate features.
    /// </summary>
    [Id(2)]
    public required double LogMe { get; init; }

    /// <summary>
    /// Between-class over total variance of the features, with a shrunk covariance; 0 to classes - 1.
    /// </summary>
    [Id(3)]
    public required double HScore { get; init; }

    /// <summary>Cross-validated accuracy of a logistic regression on the features.</summary>
    [Id(4)]
    public required PlanInterval Probe { get; init; }

    /// <summary>
    /// Fall of the held-out loss that one step of couplings promises, by its gradients and a quadratic model, nats.
    /// </summary>
    [Id(5)]
    public required PlanInterval Promised { get; init; }

    /// <summary>Fall of the held-out loss that this step was measured to bring, nats.</summary>
    [Id(6)]
    public required PlanInterval Measured { get; init; }

    /// <summary>Held-out accuracy after the step.</summary>
    [Id(7)]
    public required PlanInterval Accuracy { get; init; }

    /// <summary>Change of the held-out accuracy by the step.</summary>
    [Id(8)]
    public required PlanInterval Gained { get; init; }

    /// <summary>Bytes of one image's prefix activations.</summary>
    [Id(9)]
    public required int PrefixBytes { get; init; }
}
