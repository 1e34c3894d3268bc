using System.Globalization;
using ComodCluster.Infrastructure.Journals;
using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Reproduce;

/// <summary>Differences between what was measured on the same task and seed.</summary>
internal static class Paired
{
    /// <summary>
    /// Mean of first minus second, over the places that both have; null where they have none in common.
    /// </summary>
    public static Spread? Difference(IEnumerable<Observation> first, IEnumerable<Observation> second)
    {
        var differences = first
            .Join(second, Key, Key, (a, b) => (a.Task, a.Seed, Value: a.Value - b.Value))
            .GroupBy(
                pair => (pair.Task, pair.Seed),
                (key, pairs) => (key.Task, Value: pairs.Average(pair => pair.Value))
            )
            .GroupBy(draw => draw.Task, (_, draws) => draws.Select(draw => draw.Value).ToArray())
            .ToArray();
        return differences.Length == 0 ? null : Interval.OfMean(differences);

        static (int, int, double) Key(Observation observation) => (observation.Task, observation.Seed, observation.X);
    }

    /// <summary>In points, with the interval.</summary>
    public static string Points(Spread? difference) =>
        difference is { } d ? $"{Signed(d.Mean)} ({Signed(d.Low)} to {Signed(d.High)})" : "not run";

    // Rounded before it is written: a small negative number would have both signs.
    private static string Signed(double share) =>
        (Math.Round(100 * share, 1) + 0.0).ToString("+0.0;-0.0", CultureInfo.InvariantCulture);
}
