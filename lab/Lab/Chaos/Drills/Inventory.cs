using ComodCluster.Client;

namespace ComodCluster.Lab.Chaos.Drills;

/// <summary>All that a place has, line by line, so that two times can be compared.</summary>
internal static class Inventory
{
    /// <summary>Tasks with their active version, versions with their digests, and the numbers that tasks
    /// answer.</summary>
    public static async Task<IReadOnlyList<string>> Of(
        ComodClient client,
        ChaosWorld world,
        CancellationToken cancellation
    )
    {
        var lines = new List<string>();
        foreach (var task in await client.Tasks.List(cancellation))
        {
            var name = task.Spec.Name;
            lines.Add($"task {name} {task.Uid}, version {task.ActiveVersion} active");
            lines.AddRange(
                (await client.Tasks.Versions(name, cancellation)).Select(v =>
                    $"version {v.Version} of {name} {v.Digest}"
                )
            );
            lines.Add(await Answer(client, name, world, cancellation));
        }
        return lines;
    }

    public static async Task<string> Answer(
        ComodClient client,
        string task,
        ChaosWorld world,
        CancellationToken cancellation
    )
    {
        var answer = await client.Tasks.Predict(task, [world.Images[0]], cancellation);
        return $"{task} answers {string.Join(' ', answer.Predictions[0].Probabilities)}";
    }

    /// <summary>Files below a folder of blobs; notes of what is condemned are not among them.</summary>
    public static IReadOnlyList<string> OfBlobs(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file))
                .Where(file => !file.StartsWith("comod-", StringComparison.Ordinal) && !IsNote(file)),
        ];

    public static int Condemned(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Count(file => IsNote(Path.GetRelativePath(folder, file)));

    /// <summary>Makes blobs as old as those that the collector may condemn.</summary>
    public static void Age(string folder)
    {
        foreach (var file in OfBlobs(folder))
            File.SetLastWriteTimeUtc(Path.Combine(folder, file), DateTime.UtcNow.AddDays(-2));
    }

    private static bool IsNote(string file) => file.StartsWith(".condemned", StringComparison.Ordinal);
}
