using ComodCluster.Engine.Metrics;

namespace ComodCluster.Engine.Trials;

/// <summary>
/// Measured on the test split, which the adaptation never saw; null where it is empty or not asked for.
/// </summary>
/// <param name="Calibrated">On the test split, with the temperature fitted on the images of early stopping; null where
/// there are none, as in trials that were cross-validated.</param>
public sealed record TrialMetrics(
    ClassificationMetrics? Test,
    ClassificationMetrics? BaseTest,
    double? HeldOutLoss,
    double? HeldOutAccuracy,
    Calibration? Calibrated
);
