using ComodCluster.Engine.Statistics;

namespace ComodCluster.Engine.Readouts;

/// <summary>Which images are held out together, so that the others' readout is asked about them.</summary>
/// <param name="Folds">Positions of images, ascending; an image that is the only one of its class is in none.</param>
/// <param name="Tells">Whether the folds may choose between places: each keeps images of every class, and variation
/// within the classes. Else they only calibrate.</param>
internal sealed record FoldPlan(int[][] Folds, bool Tells)
{
    private const int MostFolds = 5,
        CalibratingFolds = 20;

    public static FoldPlan Of(ReadoutTargets targets, int seed)
    {
        var strata = targets.Strata();
        var sizes = strata.CountBy(s => s).ToDictionary();
        var groups = targets.Exclusive ? targets.Outputs : 2;
        var rarest = sizes.Values.Min();
        var folds = Dealt(Math.Min(MostFolds, rarest));
        if (rarest > 1 && Sound(folds))
            return new(folds, Tells: true);
        folds = Dealt(Math.Min(CalibratingFolds, strata.Length));
        return new(Sound(folds) ? folds : [], Tells: false);

        int[][] Dealt(int count) =>
            [
                .. Splits
                    .Folds(strata, count, seed)
                    .Select(f => f.Where(i => sizes[strata[i]] > 1).ToArray())
                    .Where(f => f.Length > 0),
            ];

        // Images of one class alone would say that all is of that class.
        bool Sound(int[][] all) =>
            all.All(f => targets.Count - f.Length - groups >= 1)
            && all.SelectMany(f => f).Select(i => strata[i]).Distinct().Count() >= (targets.Exclusive ? 2 : 1);
    }
}
