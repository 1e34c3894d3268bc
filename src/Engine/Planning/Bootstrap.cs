using ComodCluster.Engine.Data;

namespace ComodCluster.Engine.Planning;

/// <summary>Intervals by drawing rows anew with replacement (Efron 1979). A pure function of the rows.</summary>
public static class Bootstrap
{
    private const int Draws = 400;
    private const ulong Seed = 0xB007;

    /// <summary>Interval of the mean.</summary>
    public static Interval Mean(IReadOnlyList<double> values) => Of(values.Count, rows => rows.Average(i => values[i]));

    /// <param name="rows">n</param>
    /// <param name="statistic">Takes places among the rows, n of them with repetitions.</param>
    /// <returns>The statistic of all rows, and the 2.5 % and 97.5 % points of its draws; draws that are not finite are
    /// left out.</returns>
    public static Interval Of(int rows, Func<int[], double> statistic)
    {
        var drawn = new List<double>(Draws);
        for (var d = 0; d < Draws; d++)
        {
            var value = statistic([
                .. Enumerable.Range(0, rows).Select(i => CounterRandom.Below(rows, Seed, (ulong)d, (ulong)i)),
            ]);
            if (double.IsFinite(value))
                drawn.Add(value);
        }
        var whole = statistic([.. Enumerable.Range(0, rows)]);
        if (drawn.Count == 0)
            return new Interval(whole, whole, whole);
        drawn.Sort();
        return new Interval(
            whole,
            drawn[(int)(0.025 * (drawn.Count - 1))],
            drawn[(int)Math.Ceiling(0.975 * (drawn.Count - 1))]
        );
    }
}
