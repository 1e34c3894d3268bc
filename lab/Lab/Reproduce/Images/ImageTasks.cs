using ComodCluster.Api.Datasets;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>Which tasks are tuned on and which are reported: no pair of classes is in both.</summary>
internal static class ImageTasks
{
    public const int Classes = 10;

    /// <summary>The domain of new classes in which the built-in backbone of parts tells nothing apart.</summary>
    public const string AtChance = "images in clutter";

    /// <summary>The domain of more classes than the images have.</summary>
    private const string TwiceAsMany = "images upright and upside down";

    private const int Stations = 9;

    /// <summary>Those of <c>comod demo</c>, too; the first four are the prototype's.</summary>
    private static readonly (int First, int Second, int Station)[] s_tuning =
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

    /// <summary>
    /// Classes that the backbone <see cref="Pretraining.Half"/> never saw. For CIFAR-10: automobile, cat, dog, horse,
    /// truck.
    /// </summary>
    private static readonly int[] s_unseen = [1, 3, 5, 7, 9];

    /// <summary>
    /// Unseen classes that have each attribute. For CIFAR-10: vehicle, pet, larger than a person, cat, carries cargo.
    /// </summary>
    private static readonly int[][] s_attributes =
    [
        [1, 9],
        [3, 5],
        [7, 9],
        [3],
        [9],
    ];

    /// <summary>
    /// Pairs told apart by a backbone that knows them as one class, and which of three ways to pair all classes they
    /// belong to. Not among the tuning pairs.
    /// </summary>
    private static readonly (int Way, int First, int Second)[] s_fine =
    [
        (0, 0, 2),
        (0, 4, 7),
        (1, 0, 1),
        (1, 5, 7),
        (2, 0, 5),
    ];

    public static IReadOnlyList<ImageTask> Tuning(bool own) =>
        [.. s_tuning.Select(task => Clutter(own, task.First, task.Second, task.Station))];

    /// <summary>
    /// Pairs in a fixed order in which each class comes about equally often, at all stations in turn.
    /// </summary>
    /// <param name="own">On the user's images.</param>
    public static IReadOnlyList<ImageTask> Reported(bool own, int count)
    {
        var pairs =
            from step in Enumerable.Range(1, Classes / 2)
            from first in Enumerable.Range(0, step == Classes / 2 ? Classes / 2 : Classes)
            let second = (first + step) % Classes
            where
                !s_tuning.Any(task =>
                    (task.First, task.Second) == (first, second) || (task.Second, task.First) == (first, second)
                )
            select (First: Math.Min(first, second), Second: Math.Max(first, second));
        // Every second one, then the others: not all of neighbouring classes.
        var ordered = pairs.Select((pair, i) => (pair, i)).OrderBy(p => p.i % 2).Select(p => p.pair);
        return [.. ordered.Take(count).Select((pair, i) => Clutter(own, pair.First, pair.Second, i % Stations))];
    }

    /// <summary>Binary attributes over classes that the backbone never saw.</summary>
    public static IReadOnlyList<ImageTask> Attributes(bool own) =>
        [.. s_attributes.Select((having, i) => Unseen(own, Pretraining.Half, s_unseen, i) with { Having = having })];

    public static IReadOnlyList<ImageTask> CoarseToFine(bool own) =>
        [.. s_fine.Select((task, i) => Unseen(own, Pretraining.Pairs(task.Way), [task.First, task.Second], i))];

    /// <summary>New classes, on backbones that never saw them, by domain.</summary>
    /// <param name="classes">2 to twice <see cref="Classes"/>.</param>
    public static IReadOnlyDictionary<string, ImageTask> OwnClasses(bool own, int classes, int station)
    {
        int[] first = [.. Enumerable.Range(0, classes)];
        var domains = new Dictionary<string, ImageTask>();
        if (classes > Classes)
        {
            if (own)
                domains[TwiceAsMany] = new("scenes", DatasetSourceKind.Upload, first, station) { Turned = true };
            return domains;
        }
        domains["scenes in clutter"] = new("cifar10-objects", DatasetSourceKind.Scenes, first, station);
        if (!own)
            return domains;
        if (classes <= s_unseen.Length)
            domains["unseen classes in clutter"] = new(
                Pretraining.Half,
                DatasetSourceKind.Clutter,
                s_unseen[..classes],
                station
            );
        domains[AtChance] = new("scenes", DatasetSourceKind.Clutter, first, station);
        domains["images without clutter"] = new("scenes", DatasetSourceKind.Upload, first, station);
        return domains;
    }

    private static ImageTask Clutter(bool own, int first, int second, int station) =>
        own
            ? new("cifar10-objects", DatasetSourceKind.Clutter, [first, second], station)
            : new("scenes", DatasetSourceKind.Scenes, [first, second], station);

    private static ImageTask Unseen(bool own, string pretraining, IReadOnlyList<int> classes, int station) =>
        own
            ? new(pretraining, DatasetSourceKind.Clutter, classes, station)
            : new("cifar10-objects", DatasetSourceKind.Scenes, classes, station);
}
