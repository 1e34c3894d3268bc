using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Cli.Commands.Data.Sources;
using ComodCluster.Cli.Commands.Watching;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary>Brings the demo's data into the silo: one data set of canvases for each task.</summary>
internal sealed class DemoData(ComodClient client, Terminal terminal, DemoOptions options)
{
    /// <summary>Name of the uploaded images that the clutter is composed of.</summary>
    private const string Images = "images";

    private readonly JobWatcher _watcher = new(client, terminal);

    public string Backbone => options.Data is null ? "scenes" : "cifar10-objects";

    /// <returns>The tasks; each has a data set of its name.</returns>
    public async Task<IReadOnlyList<DemoTask>> Prepare(CancellationToken cancellation)
    {
        var classes = options.Data is null
            ? (await client.Backbones.Get(Backbone, cancellation)).Classes
            : await Upload(options.Data, cancellation);
        var tasks = DemoTasks.Choose(classes, options.Tasks);
        var jobs = new List<JobInfo>();
        for (var i = 0; i < tasks.Count; i++)
            jobs.Add(await client.Datasets.Create(Spec(tasks[i], seed: i), cancellation));
        await _watcher.Watch([new JobBar("Drawing canvases", [.. jobs.Select(job => job.Id)])], cancellation);
        return tasks;
    }

    private async Task<IReadOnlyList<string>> Upload(string word, CancellationToken cancellation)
    {
        using var archive = await ArchiveSource.Of(word, terminal, cancellation);
        var import = new DatasetImport(Images, Seed: 0, $"import-{archive.Digest[..16]}", new ImportSettings());
        var job = await Uploading.Show(
            terminal,
            $"Uploading {archive.Name}",
            archive.Bytes,
            sent => archive.Send(client.Datasets, import, sent, cancellation)
        );
        await _watcher.Watch("Importing images", job, cancellation);
        return (await client.Datasets.Get(Images, cancellation)).Classes;
    }

    private DatasetSpec Spec(DemoTask task, int seed) =>
        new()
        {
            Name = task.Name,
            Source = new()
            {
                Kind = options.Data is null ? DatasetSourceKind.Scenes : DatasetSourceKind.Clutter,
                From = options.Data is null ? null : Images,
                Canvas = new()
                {
                    Classes = task.Classes,
                    Station = task.Station,
                    Train = options.TrainImages,
                    Test = options.TestImages,
                    Seed = seed,
                },
            },
        };
}
