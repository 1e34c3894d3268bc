namespace ComodCluster.Benchmarks.Adapt64;

/// <summary>Binary tasks: all pairs of classes in order, then all again.</summary>
internal static class TaskPairs
{
    /// <returns>First below second, both below <paramref name="classes"/>.</returns>
    public static (int First, int Second) Of(int number, int classes)
    {
        var left = number % (classes * (classes - 1) / 2);
        var first = 0;
        while (left >= classes - 1 - first)
            left -= classes - 1 - first++;
        return (first, first + 1 + left);
    }
}
