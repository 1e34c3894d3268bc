namespace ComodCluster.Engine.Readouts;

/// <summary>Asks readouts about images that they were not fitted to; all by the same folds.</summary>
internal sealed class FoldTest
{
    private readonly ReadoutTargets _asked;
    private readonly double[] _priors;
    private readonly (int[] Held, int[] Trained, ReadoutTargets Targets)[] _folds;

    /// <param name="targets">Of the images that the plan divides.</param>
    /// <param name="priors">As <see cref="ReadoutTargets.Priors"/>, of all images.</param>
    public FoldTest(FoldPlan plan, ReadoutTargets targets, double[] priors)
    {
        _priors = priors;
        HeldOut = [.. plan.Folds.SelectMany(f => f).Order()];
        _asked = targets.Of(HeldOut);
        _folds =
        [
            .. plan.Folds.Select(held =>
            {
                int[] rest = [.. Enumerable.Range(0, targets.Count).Except(held)];
                return (held, rest, targets.Of(rest));
            }),
        ];
    }

    /// <summary>Images that are held out once, ascending.</summary>
    public int[] HeldOut { get; }

    /// <summary>Per fold the images that it learns from.</summary>
    public IEnumerable<int[]> Trained => _folds.Select(fold => fold.Trained);

    public FoldResult Ask(
        PlaceFeatures features,
        ReadoutPlace place,
        StoredPrecision precision,
        ReadoutKind kind,
        CancellationToken cancel
    ) => Ask(_ => features, place, precision, kind, cancel);

    /// <param name="byFold">From a fold's number to the features of all images as it has them.</param>
    public FoldResult Ask(
        Func<int, PlaceFeatures> byFold,
        ReadoutPlace place,
        StoredPrecision precision,
        ReadoutKind kind,
        CancellationToken cancel
    )
    {
        var outputs = _asked.Outputs;
        var scores = new float[HeldOut.Length * outputs];
        foreach (var (fold, (held, trained, targets)) in _folds.Index())
        {
            cancel.ThrowIfCancellationRequested();
            var features = byFold(fold);
            var row = new float[features.Width];
            var stored = StoredReadout.Of(features.Fit(kind, trained, targets, cancel), place, kind, precision);
            foreach (var i in held)
            {
                features.Read(i, row);
                stored.Scores(row, scores.AsSpan(Array.BinarySearch(HeldOut, i) * outputs, outputs));
            }
        }
        return FoldResult.Of(place, kind, scores, _asked, OffsetOf(kind));
    }

    // Discriminants count all answers as equally frequent; the other kinds have seen how frequent they are.
    public double[] OffsetOf(ReadoutKind kind) => kind == ReadoutKind.Lda ? _priors : new double[_priors.Length];
}
