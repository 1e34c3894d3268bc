namespace ComodCluster.Cli.Commands.Demo;

/// <summary>Chooses the demo's tasks: tuning tasks all of them, the first four those of the prototype.</summary>
internal static class DemoTasks
{
    public const int Most = 32;
    private const int Cells = 9;

    /// <summary>Indices over the sorted class names, and the station.</summary>
    private static readonly (int First, int Second, int Station)[] s_chosen =
    [
        (0, 3, 4),
        (1, 6, 0),
        (8, 9, 2),
        (7, 2, 8),
        (4, 5, 1),
        (2, 6, 3),
        (1, 9, 5),
        (3, 5, 7),
    ];

    /// <param name="classes">At least two; with fewer than ten the indices are taken modulo their number.</param>
    /// <param name="count">1 to <see cref="Most"/>; those beyond the eight chosen ones follow a fixed rule.</param>
    public static IReadOnlyList<DemoTask> Choose(IReadOnlyList<string> classes, int count)
    {
        if (classes.Count < 2)
            throw new UsageException(
                $"The demo's tasks choose between two classes, and the data has {classes.Count}: give a zip with at "
                    + $"least two class folders."
            );
        var sorted = classes.Order(StringComparer.Ordinal).ToArray();
        var tasks = new List<DemoTask>(count);
        for (var i = 0; i < count; i++)
        {
            var (first, second, station) = i < s_chosen.Length ? s_chosen[i] : (3 * i + 1, 7 * i + 4, i % Cells);
            first %= sorted.Length;
            second %= sorted.Length;
            if (second == first)
                second = (second + 1) % sorted.Length;
            string[] pair = [sorted[first], sorted[second]];
            var name = $"{Slug.Of(pair[0], 20)}-or-{Slug.Of(pair[1], 20)}-{station}";
            tasks.Add(new(tasks.Any(task => task.Name == name) ? $"{name}-{i}" : name, pair, station));
        }
        return tasks;
    }
}
