namespace ComodCluster.Engine.Trials;

/// <summary>Where a job is.</summary>
/// <param name="Activity">A few words.</param>
/// <param name="Fraction">0 to 1.</param>
/// <param name="ImagesPerSecond">Rows stepped per second.</param>
/// <param name="SecondsLeft">Estimate; null before the first step.</param>
/// <param name="Loss">Mean over the trials, of the latest step.</param>
/// <param name="Accuracy">Mean over the trials, latest on held-out images.</param>
public sealed record AdaptationProgress(
    string Activity,
    double Fraction,
    double ImagesPerSecond,
    double? SecondsLeft,
    double? Loss,
    double? Accuracy,
    IReadOnlyList<TrialStep> Trials
);
