using System.IO.Compression;
using ComodCluster.Api.Datasets;
using ComodCluster.Client;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Docs.Tests.Running;

/// <summary>Files that documents take for granted: a zip of class folders, an image, tasks to import.</summary>
/// <remarks>The silo draws the images, and keeps none of them.</remarks>
internal static class ReadersFiles
{
    /// <summary>Enough for a part of its own for the gate, so that nothing is trained five times.</summary>
    private const int Train = 80,
        Test = 20;

    private const string Name = "drawn-for-the-reader";

    public static async Task Write(ComodClient client, TempFolder folder, CancellationToken cancellation)
    {
        var job = await client.Datasets.Create(
            new DatasetSpec
            {
                Name = Name,
                Source = new()
                {
                    Kind = DatasetSourceKind.Scenes,
                    Canvas = new()
                    {
                        Classes = ["gear", "washer"],
                        Station = 4,
                        Train = Train,
                        Test = Test,
                        Seed = 0,
                    },
                },
            },
            cancellation
        );
        await client.Jobs.WaitFor(job.Id, cancellation);
        await WriteZip(client, folder.File("parts.zip"), cancellation);
        var image = await client.Datasets.Image(Name, "test", 0, cancellation);
        await File.WriteAllBytesAsync(folder.File("image.png"), image.Bytes, cancellation);
        await client.Datasets.Delete(Name, cancellation);
        await File.WriteAllTextAsync(
            folder.File("tasks.jsonl"),
            """
            {"name": "left", "backbone": "scenes", "dataset": "gears", "classes": ["gear", "washer"]}

            """,
            cancellation
        );
    }

    private static async Task WriteZip(ComodClient client, string path, CancellationToken cancellation)
    {
        await using var file = File.Create(path);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        foreach (var (split, count) in new[] { ("train", Train), ("test", Test) })
            for (var i = 0; i < count; i++)
            {
                var image = await client.Datasets.Image(Name, split, i, cancellation);
                await using var entry = zip.CreateEntry($"{split}/{image.Label}/{i}.png").Open();
                await entry.WriteAsync(image.Bytes, cancellation);
            }
    }
}
