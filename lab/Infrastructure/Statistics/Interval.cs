namespace ComodCluster.Infrastructure.Statistics;

/// <summary>
/// 95 % intervals by bootstrap over seeds, and over tasks where there are several; the same values give the same
/// interval.
/// </summary>
/// <remarks>The published tables have these draws; the engine's bootstrap draws fewer, and others.</remarks>
public static class Interval
{
    private const int Resamples = 2000;
    private const double Tail = 0.025;

    public static Spread OfMean(IReadOnlyList<double> values) => Of(values, sample => sample.Average());

    /// <summary>
    /// Interval of the mean over tasks of the means over their seeds: tasks are drawn, then seeds of each.
    /// </summary>
    /// <param name="tasks">Values of the seeds of each task.</param>
    public static Spread OfMean(IReadOnlyList<IReadOnlyList<double>> tasks)
    {
        if (tasks.Count == 1)
            return OfMean(tasks[0]);
        var random = new RandomStream(0x5EED);
        var drawn = Of(
            tasks,
            sample =>
                sample.Average(seeds => Enumerable.Range(0, seeds.Count).Average(_ => seeds[random.Below(seeds.Count)]))
        );
        return drawn with { Mean = tasks.Average(seeds => seeds.Average()) };
    }

    /// <param name="statistic">Statistic of as many values as there are, drawn with replacement.</param>
    public static Spread Of<T>(IReadOnlyList<T> values, Func<IReadOnlyList<T>, double> statistic)
    {
        if (values.Count == 0)
            throw new ArgumentException("There is nothing to estimate from.", nameof(values));
        var random = new RandomStream(0xB007);
        var (drawn, statistics) = (new T[values.Count], new double[Resamples]);
        for (var i = 0; i < Resamples; i++)
        {
            for (var k = 0; k < drawn.Length; k++)
                drawn[k] = values[random.Below(values.Count)];
            statistics[i] = statistic(drawn);
        }
        Array.Sort(statistics);
        return new(
            statistic(values),
            statistics[(int)(Tail * Resamples)],
            statistics[(int)((1 - Tail) * Resamples) - 1]
        );
    }
}
