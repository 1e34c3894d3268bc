using System.Globalization;
using System.IO.Compression;
using ComodCluster.Cli.Commands;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>
/// Backbones trained on the user's images for protocols that ask for one that does not know the task: on some of the
/// classes, or on pairs of them as one.
/// </summary>
internal static class Pretraining
{
    /// <summary>Knows every second class, from the first on.</summary>
    public const string Half = "half";

    /// <summary>
    /// Images of each class that tasks adapt from: the first in ordinal order. No backbone learns from them.
    /// </summary>
    public const int AdaptPerClass = 1000;

    private const string Way = "pairs-";

    private static readonly int[][] s_half =
    [
        [0],
        [2],
        [4],
        [6],
        [8],
    ];

    /// <summary>Ways to make five classes out of ten. For CIFAR-10 the first pairs what looks alike.</summary>
    private static readonly int[][][] s_ways =
    [
        [
            [0, 2],
            [1, 9],
            [3, 5],
            [4, 7],
            [6, 8],
        ],
        [
            [0, 1],
            [2, 6],
            [3, 4],
            [5, 7],
            [8, 9],
        ],
        [
            [0, 5],
            [1, 6],
            [2, 7],
            [3, 8],
            [4, 9],
        ],
    ];

    /// <summary>Knows pairs of classes as one.</summary>
    /// <param name="way">0 to 2.</param>
    public static string Pairs(int way) => $"{Way}{way}";

    public static bool IsTrained(string backbone) =>
        backbone == Half || backbone.StartsWith(Way, StringComparison.Ordinal);

    /// <summary>The classes of a trained backbone, each of one or two of the numbered ones.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> ClassesOf(string backbone) =>
        backbone == Half ? s_half : s_ways[int.Parse(backbone[Way.Length..], CultureInfo.InvariantCulture)];

    /// <summary>
    /// What a backbone learns from: the user's images without those that tasks adapt from, in the folders of its
    /// classes.
    /// </summary>
    /// <param name="perFolder">Images of each of its classes in each split at most, shared equally by those that are
    /// one.</param>
    /// <exception cref="UsageException">The archive is not divided into train and test, or has too few classes or
    /// images.</exception>
    public static byte[] Images(string backbone, FileInfo data, int perFolder)
    {
        using var from = ZipFile.OpenRead(data.FullName);
        var images = new ClassFolders(from);
        var classes = images.Classes;
        if (
            classes.Count < ImageTasks.Classes
            || classes.Any(name =>
                images.Images("train", name).Count <= AdaptPerClass || images.Images("test", name).Count == 0
            )
        )
        {
            throw new UsageException(
                $"{data.Name} cannot train a backbone: give a zip of train/<class>/<image> and test/<class>/<image> "
                    + $"with at least {ImageTasks.Classes} classes, "
                    + $"each of more than {AdaptPerClass} train images."
            );
        }
        var known = ClassesOf(backbone);
        var folders = known
            .SelectMany(members =>
                members.Select(number =>
                    (Class: classes[number], Folder: string.Join("-and-", members.Select(member => classes[member])))
                )
            )
            .ToDictionary(member => member.Class, member => member.Folder);
        var stream = new MemoryStream();
        using (var to = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, folder) in folders)
            foreach (var (split, pool) in new[] { ("train", AdaptPerClass), ("test", 0) })
            foreach (var entry in images.Images(split, name).Skip(pool).Take(perFolder / known[0].Count))
            {
                using var source = entry.Open();
                using var target = to.CreateEntry(
                        $"{split}/{folder}/{name}-{entry.Name}",
                        CompressionLevel.NoCompression
                    )
                    .Open();
                source.CopyTo(target);
            }
        }
        return stream.ToArray();
    }
}
