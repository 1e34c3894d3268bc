using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Planning;

/// <summary>
/// One factor for all logits (Guo et al., ICML 2017). A head that was trained on easier images is far too sure of
/// itself here: where the softmax is saturated the loss says nothing about decisions, and its curvature vanishes just
/// where it is wrong.
/// </summary>
public static class Temperature
{
    private const double Coldest = 1e-2,
        Hottest = 1e4;
    private const int Refinements = 60;

    /// <summary>
    /// Readouts divided by the temperature at which the rows of their folds have the least loss together.
    /// </summary>
    /// <param name="folds">Places of the rows that a readout has not seen.</param>
    public static IReadOnlyList<FittedReadout> Calibrated(
        float[,] features,
        IReadOnlyList<int[]> folds,
        IReadOnlyList<FittedReadout> readouts,
        IReadOnlyList<float[]> targets,
        ReadoutLoss loss
    )
    {
        var rows = folds
            .SelectMany(
                (fold, k) =>
                    fold.Select(i => (Logits: ReadoutRows.Logits(features, i, readouts[k]), Target: targets[i]))
            )
            .ToArray();
        var temperature = Best(rows, loss);
        return
        [
            .. readouts.Select(r => new FittedReadout(
                [.. r.Weight.Select(w => (float)(w / temperature))],
                [.. r.Bias.Select(b => (float)(b / temperature))]
            )),
        ];
    }

    /// <param name="rows">Logits [K] and target [K].</param>
    public static double Best(IReadOnlyList<(double[] Logits, float[] Target)> rows, ReadoutLoss loss)
    {
        // The loss is convex in 1 / T, so it has one minimum along log T.
        double low = Math.Log(Coldest),
            high = Math.Log(Hottest);
        for (var i = 0; i < Refinements; i++)
        {
            var third = (high - low) / 3;
            if (Loss(Math.Exp(low + third)) > Loss(Math.Exp(high - third)))
                low += third;
            else
                high -= third;
        }
        return Math.Exp((low + high) / 2);

        double Loss(double temperature) =>
            rows.Sum(r =>
            {
                double[] logits = [.. r.Logits.Select(l => l / temperature)];
                return ReadoutRows.Outcome(logits, r.Target, loss).Loss;
            });
    }
}
