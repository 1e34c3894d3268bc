using ComodCluster.Engine.Statistics;

namespace ComodCluster.Engine.Readouts;

/// <summary>Which images are held out together, so that the others' readout is asked about them.</summary>
/// <param name="Folds">Positions of images, ascending; an image that is the only one of its class is in none.</param>
/// <param name="Tells">Whether the folds may choose between places: each keeps images of every class, and variation
/// within the classes. Else they only calibrate.</param>
internal sealed record FoldPlan(int[][] Folds, bool Tells)
{
    /// <summary>Folds that compare.</summary>
    public const int MostFolds = 5;

    private const int CalibratingFolds = 20,
        MostOfOnePart = 1_000;

    /// <summary>Five folds, or as many as the rarest class has images; where these do not tell, twenty that
    /// calibrate.</summary>
    public static FoldPlan Of(ReadoutTargets targets, int seed)
    {
        var rarest = targets.Strata().CountBy(s => s).Min(s => s.Value);
        var folds = Dealt(targets, Math.Min(MostFolds, rarest), seed);
        if (rarest > 1 && AreSound(targets, folds))
            return new(folds, Tells: true);
        folds = Dealt(targets, Math.Min(CalibratingFolds, targets.Count), seed);
        return new(AreSound(targets, folds) ? folds : [], Tells: false);
    }

    /// <summary>A fifth of many images, or about a thousand: they calibrate what was chosen on fewer, since scores grow
    /// with the images that a readout is fitted to.</summary>
    public static FoldPlan OfOnePart(ReadoutTargets targets, int seed)
    {
        var parts = Dealt(targets, Math.Max(MostFolds, targets.Count / MostOfOnePart), seed);
        return new(AreSound(targets, parts[..1]) ? parts[..1] : [], Tells: false);
    }

    private static int[][] Dealt(ReadoutTargets targets, int count, int seed)
    {
        var strata = targets.Strata();
        var sizes = strata.CountBy(s => s).ToDictionary();
        return
        [
            .. Splits
                .Folds(strata, count, seed)
                .Select(f => f.Where(i => sizes[strata[i]] > 1).ToArray())
                .Where(f => f.Length > 0),
        ];
    }

    // Variation is left within the classes; images of one class alone would say that all is of that class.
    private static bool AreSound(ReadoutTargets targets, int[][] folds)
    {
        var strata = targets.Strata();
        var groups = targets.Exclusive ? targets.Outputs : 2;
        return folds.All(f => targets.Count - f.Length - groups >= 1)
            && folds.SelectMany(f => f).Select(i => strata[i]).Distinct().Count() >= (targets.Exclusive ? 2 : 1);
    }
}
