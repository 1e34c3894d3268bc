using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Planning;

/// <summary>What frozen features of a cut say about a task.</summary>
/// <param name="Probe">Cross-validated accuracy.</param>
/// <param name="Readouts">One per fold, fitted outside of it.</param>
internal sealed record CutFeatures(double LogMe, double HScore, Interval Probe, IReadOnlyList<FittedReadout> Readouts)
{
    public static CutFeatures Of(float[,] features, PlanSample sample, CancellationToken cancellation)
    {
        var spectrum = FeatureSpectrum.Of(features);
        var readouts = Planning.Probe.CrossFit(features, sample.Folds, sample.Targets, sample.Loss, cancellation);
        var outcomes = ReadoutRows.Outcomes(features, sample.Folds, readouts, sample.Targets, sample.Loss);
        return new CutFeatures(
            Planning.LogMe.Score(spectrum, sample.Targets),
            Planning.HScore.Score(spectrum, sample.Targets, sample.Loss.OneIsRight),
            Bootstrap.Mean([.. outcomes.Select(o => o.Right)]),
            readouts
        );
    }
}
