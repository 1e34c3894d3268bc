using ComodCluster.Engine.Statistics;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Planning;

/// <summary>
/// How the accuracy of a readout grows with its examples: fits to subsets of several sizes, and error = a n^-b through
/// them (Cortes et al. 1993; Hestness et al. 2017), which also says what is to be expected at a number that was not
/// tried.
/// </summary>
public sealed class LearningCurve
{
    private const int Halvings = 3;
    private readonly (int Examples, double[] Right)[] _sizes;

    private LearningCurve((int Examples, double[] Right)[] sizes) => _sizes = sizes;

    public IReadOnlyList<CurveSize> Sizes =>
        [.. _sizes.Select(s => new CurveSize(s.Examples, Bootstrap.Mean(s.Right)))];

    /// <summary>-b, at most 0; null where only one size could be tried.</summary>
    public double? Exponent =>
        _sizes.Length < 2 ? null : Law([.. Enumerable.Range(0, _sizes[0].Right.Length)]).Exponent;

    /// <param name="features">[n, D]</param>
    /// <param name="classes">Class of each row, to draw subsets stratified; the same for all where there are
    /// attributes.</param>
    /// <param name="folds">Folds of the rows; each is measured with readouts fitted to subsets of the others.</param>
    public static LearningCurve Of(
        float[,] features,
        IReadOnlyList<int> classes,
        IReadOnlyList<int[]> folds,
        IReadOnlyList<float[]> targets,
        ReadoutLoss loss,
        CancellationToken cancellation
    )
    {
        int rows = features.GetLength(0),
            largest = folds.Min(f => rows - f.Length),
            least = Math.Max(4, 2 * classes.Distinct().Count());
        int[] sizes =
        [
            .. Enumerable
                .Range(0, Halvings + 1)
                .Select(h => largest >> h)
                .Where(s => s >= least)
                .DefaultIfEmpty(largest)
                .Order(),
        ];
        var curve = sizes.Select(size => (size, Right: new double[rows])).ToArray();
        for (var k = 0; k < folds.Count; k++)
        {
            int[] others = [.. folds.Where((_, f) => f != k).SelectMany(f => f).Order()];
            foreach (var (size, right) in curve)
            {
                var subset = StratifiedSample
                    .Of([.. others.Select(i => classes[i])], size, k)
                    .Select(i => others[i])
                    .ToArray();
                var readout = Probe.Fit(features, subset, targets, loss, cancellation);
                foreach (var i in folds[k])
                    right[i] = ReadoutRows.Outcome(features, i, readout, targets[i], loss).Right;
            }
        }
        return new LearningCurve(curve);
    }

    /// <summary>
    /// What is to be expected of a readout fitted to so many images. The interval covers which images it is measured
    /// on, not which it is fitted to.
    /// </summary>
    public Interval At(int examples) =>
        _sizes.Length < 2
            ? Bootstrap.Mean(_sizes[^1].Right)
            : Bootstrap.Of(_sizes[0].Right.Length, rows => 1 - Math.Min(1, Law(rows).At(examples)));

    private PowerLaw Law(int[] rows)
    {
        // Half a mistake more, so that a faultless size has a logarithm.
        double[] errors = [.. _sizes.Select(s => (rows.Sum(i => 1 - s.Right[i]) + 0.5) / (rows.Length + 1))];
        var law = PowerLaw.Fit([.. _sizes.Select(s => (double)s.Examples)], errors);
        // More examples never mean more mistakes: where they seem to, the curve is flat.
        return law.Exponent <= 0 ? law : new PowerLaw(errors.Average(), 0);
    }
}
