using ComodCluster.Engine.Statistics;

namespace ComodCluster.Engine.Readouts;

/// <summary>
/// Chooses where and how a task's readout reads the network by folds of its training images, then fits it to all of
/// them (docs/method.md#readout-in-closed-form). In float64 on the caller's thread, in the order of the records: the
/// same bits alone, beside other work and after a restart.
/// </summary>
public static class ClosedFormReadout
{
    /// <summary>The places are compared on about as many images, each class in its share.</summary>
    public const int Compared = 1_000;

    // Logistic regression keeps all images in memory.
    private const int MostLogistic = 2_000;

    /// <param name="records">Of the training images.</param>
    /// <param name="targets">Of the same images.</param>
    /// <param name="budget">Of the stored readout; a place that does not fit is no candidate.</param>
    /// <param name="seed">Of folds and sample.</param>
    /// <param name="progress">Receives the share that is done, 0 to 1.</param>
    /// <exception cref="InputException">examples-too-few: a class has no image; features-value: a feature is not
    /// finite.</exception>
    public static ReadoutFit Choose(
        IFeatureRecords records,
        ReadoutTargets targets,
        ReadoutBudget budget,
        int seed,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(targets.Count, records.Count);
        Require(targets);
        var sample = StratifiedSample.Of(targets.Strata(), Compared, seed);
        var table = new RecordTable(records, sample, cancel);
        var places = new FittingPlaces(records.Layout, targets.Outputs, budget);
        var compared = targets.Of(sample);
        var plan = FoldPlan.Of(compared, seed);
        var test = new FoldTest(plan, compared, targets.Priors());
        var choice = Compare(table, places, plan, test, targets, progress, cancel);

        var (place, kind, precision) = (choice.Place, choice.Kind, places.PrecisionOf(choice.Place));
        var features = table.At(place);
        var (heldOut, asked) = (test.HeldOut.Select(i => sample[i]), choice.Result);
        if (sample.Length < records.Count)
        {
            features = RecordTable.AllAt(records, place, features.Scale);
            var part = FoldPlan.OfOnePart(targets, seed);
            test = new FoldTest(part, targets, targets.Priors());
            (heldOut, asked) = (
                test.HeldOut,
                part.Folds.Length == 0 ? null : test.Ask(features, place, precision, kind, cancel)
            );
        }
        var raw = features.Fit(kind, [.. Enumerable.Range(0, records.Count)], targets, cancel);
        var calibration = asked?.Calibration ?? Unasked(features, raw, targets, test.OffsetOf(kind));
        var fitted = raw.Calibrated(calibration);
        progress?.Report(1);
        return new ReadoutFit
        {
            Stored = StoredReadout.Of(fitted, place, kind, precision),
            Weight = [.. fitted.Weight.Select(w => (float)w)],
            Bias = fitted.BiasAtZero(),
            Folds = plan.Tells ? plan.Folds.Length : 0,
            HeldOut = [.. heldOut],
            HeldOutLogits = asked is null ? [] : [.. calibration.Logits(asked.Scores).Chunk(targets.Outputs)],
            Candidates = [.. choice.Compared.Select(c => new ReadoutCandidate(c.Place, c.Kind, c.Error, c.Loss))],
            Reason = choice.Reason,
        };
    }

    private static PlaceChoice Compare(
        RecordTable table,
        FittingPlaces places,
        FoldPlan plan,
        FoldTest test,
        ReadoutTargets targets,
        IProgress<double>? progress,
        CancellationToken cancel
    )
    {
        if (!plan.Tells)
            return PlaceChoice.WithoutComparison(
                places.Plain,
                plan.Folds.Length == 0 ? null : Ask(table.At(places.Plain), places.Plain, ReadoutKind.Lda)
            );
        var results = new List<FoldResult>();
        var all = places.All.ToArray();
        foreach (var (index, place) in all.Index())
        {
            var features = table.At(place);
            foreach (var kind in PlaceChoice.KindsOf(targets.Exclusive))
                results.Add(Ask(features, place, kind));
            progress?.Report(0.9 * (index + 1) / all.Length);
        }
        var chosen = PlaceChoice.PlaceOf(results, places.Plain);
        if (targets.Exclusive && targets.Count <= MostLogistic)
            results.Add(Ask(table.At(chosen), chosen, ReadoutKind.Logistic));
        return PlaceChoice.Of(results, chosen);

        FoldResult Ask(PlaceFeatures features, ReadoutPlace place, ReadoutKind kind) =>
            test.Ask(features, place, places.PrecisionOf(place), kind, cancel);
    }

    // Where no image can be held out, the scores of the training images are brought to a size of 1.
    private static ScoreCalibration Unasked(
        PlaceFeatures features,
        LinearReadout fitted,
        ReadoutTargets targets,
        double[] offset
    )
    {
        var scores = new float[targets.Count * targets.Outputs];
        var row = new float[features.Width];
        var stored = StoredReadout.Of(fitted, ReadoutPlace.Means, ReadoutKind.Lda, StoredPrecision.Half);
        for (var i = 0; i < targets.Count; i++)
        {
            features.Read(i, row);
            stored.Scores(row, scores.AsSpan(i * targets.Outputs, targets.Outputs));
        }
        return ScoreCalibration.OfSizeOne(scores, targets, offset);
    }

    private static void Require(ReadoutTargets targets)
    {
        if (targets.Count == 0)
            throw new InputException("examples-too-few", "There is no training image; upload some.");
        if (targets.Exclusive && targets.Ones().Count(o => o == 0) is var missing and > 0)
            throw new InputException(
                "examples-too-few",
                $"{missing} of {targets.Outputs} classes have no training image; upload one of each, or leave these "
                    + $"classes out."
            );
    }
}
