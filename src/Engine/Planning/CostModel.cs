using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Planning;

/// <summary>Device-seconds of jobs, from what a plan measured on the same device and counts of operations.</summary>
/// <param name="Forward">Seconds of an image through the whole network.</param>
/// <param name="ForwardAndBackward">And back, to the activations.</param>
/// <param name="Suffix">Seconds of an image from the chosen cut on.</param>
/// <param name="FitSeconds">Seconds of one regression of a readout.</param>
/// <param name="BatchRows">Rows that a batch computes, used or not.</param>
internal sealed record CostModel(
    BackboneSpec Spec,
    double Forward,
    double ForwardAndBackward,
    double Suffix,
    double FitSeconds,
    int BatchRows
)
{
    /// <summary>
    /// Prefix activations of images that are in no cache yet; the prefix's share of the multiply-adds stands for its
    /// share of the time.
    /// </summary>
    public double Fill(IEnumerable<(Cut Cut, int Missing)> cuts) =>
        cuts.Sum(c => Padded(c.Missing) * Forward * OperationCount.Prefix(Spec, c.Cut) / OperationCount.Whole(Spec));

    /// <summary>
    /// Regressions of a trial with a readout of its own: the first readout of each lane, and where couplings are
    /// trained its refits.
    /// </summary>
    public double Fits(TrialPlan plan)
    {
        if (plan.Task.Mode != ReadoutMode.Own)
            return 0;
        var refits =
            plan.Traits.Trains != NetworkPart.Couplings ? 0
            : plan.Traits.Gain != GainSource.One ? 2
            : 1;
        return FitSeconds * (plan.Folds.Count + 1) * (1 + refits);
    }

    /// <summary>
    /// Steps, refreshes and evaluations from the cut on; those of a readout alone cost next to nothing.
    /// </summary>
    public double Steps(TrialPlan plan)
    {
        if (plan.Traits.Trains != NetworkPart.Couplings)
            return 0;
        var (settings, segments) = (plan.Settings, BatchRows / plan.Settings.Batch);
        var batches = Batches(plan.Folds.Count, segments) + 1; // the folds step together, then the final lane
        var passes = plan.Traits.Gain switch
        {
            GainSource.Covariance => settings.Estimator == CovarianceEstimator.Quadrature
                ? CovarianceLabel.Nodes - 1
                : settings.Samples,
            GainSource.Difference => 2,
            GainSource.Rate => 1,
            _ => 0,
        };
        double steps = settings.Steps,
            refreshes = Math.Ceiling(steps / settings.RefreshEvery) * passes,
            evaluations = Math.Ceiling(steps / settings.EvaluateEvery);
        var held = (plan.Folds.Count > 0 ? plan.Folds : [plan.EarlyStopping]).Sum(images =>
            Batches(images.Length, settings.Batch)
        );
        // A batch takes the time of all its rows, used or not. Backward through the suffix is taken to cost, beside its
        // forward, what it does in the whole network.
        return BatchRows
            * Suffix
            * (
                steps * batches * ForwardAndBackward / Forward
                + refreshes * batches
                + evaluations * Batches(held, segments)
            );
    }

    /// <summary>
    /// The same steps of all weights, from the pixels on: backward has the weights' gradients besides.
    /// </summary>
    public double Full(TrialPlan plan) =>
        plan.Settings.Steps
        * (double)plan.Settings.Batch
        * (plan.Folds.Count + 1)
        * (Forward + 2 * Math.Max(0, ForwardAndBackward - Forward));

    private int Padded(int rows) => Batches(rows, BatchRows) * BatchRows;

    private static int Batches(int items, int each) => (items + each - 1) / each;
}
