namespace ComodCluster.Api.Tasks;

/// <summary>Measured on images that the adaptation never saw; null where there were none.</summary>
[GenerateSerializer, Alias("comod.VersionMetrics")]
public sealed record VersionMetrics
{
    /// <summary>On the test split, 0 to 1.</summary>
    [Id(0)]
    public double? Accuracy { get; init; }

    [Id(1)]
    public double? BalancedAccuracy { get; init; }

    /// <summary>Averaged like the precision.</summary>
    [Id(2)]
    public double? F1 { get; init; }

    /// <summary>Expected calibration error, 15 bins.</summary>
    [Id(3)]
    public double? Ece { get; init; }

    /// <summary>Mean negative log-likelihood, nats.</summary>
    [Id(4)]
    public double? Nll { get; init; }

    /// <summary>The same of the base.</summary>
    [Id(5)]
    public double? BaseNll { get; init; }

    [Id(6)]
    public double? BaseAccuracy { get; init; }

    [Id(7)]
    public int TestImages { get; init; }

    /// <summary>On the part used for early stopping.</summary>
    [Id(8)]
    public double? HeldOutAccuracy { get; init; }

    [Id(9)]
    public double? HeldOutNll { get; init; }

    /// <summary>
    /// What the gate saw, or why the base was kept (0 steps), in one sentence; null where there was no gate and a step
    /// was better than the base.
    /// </summary>
    [Id(10)]
    public string? Gate { get; init; }

    /// <summary>
    /// Mean over the classes that occur (macro), also of two; of attributes, of their positive sides, mean over all.
    /// </summary>
    [Id(11)]
    public double? Precision { get; init; }

    /// <summary>Averaged like the precision; of classes it equals the balanced accuracy.</summary>
    [Id(12)]
    public double? Recall { get; init; }

    /// <summary>
    /// Expected calibration error, 15 bins, after temperature scaling; null where no image was held out for early
    /// stopping.
    /// </summary>
    [Id(13)]
    public double? CalibratedEce { get; init; }

    /// <summary>Mean negative log-likelihood after temperature scaling, nats.</summary>
    [Id(14)]
    public double? CalibratedNll { get; init; }

    /// <summary>What the logits are divided by for it, fitted on the part used for early stopping.</summary>
    [Id(15)]
    public double? Temperature { get; init; }
}
