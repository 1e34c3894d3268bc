using System.Globalization;
using System.IO.Compression;
using System.Text;
using ComodCluster.Api.Datasets;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>The silo of tasks that are composed of images: canvases, attributes, backbones of their own.</summary>
/// <param name="data">The user's images; null: built-in ones only.</param>
/// <param name="epochs">Epochs of backbones that are trained on them.</param>
/// <param name="perClass">Images of each class of these backbones in each split at most.</param>
/// <param name="kept">Where these backbones are kept; null: nowhere.</param>
internal sealed class ImageSilo(FileInfo? data, int epochs, int perClass, BackboneFolder? kept) : StudySilo
{
    private const string Images = "images",
        Turned = "turned",
        Attribute = "attribute";

    private IReadOnlyList<string> _images = [],
        _turned = [],
        _scenes = [];

    /// <summary>Draws canvases and adapts the task. The canvases stay for other adaptations, the task goes.</summary>
    /// <param name="train">Canvases that examples are drawn from.</param>
    /// <param name="seed">Redraws canvases, examples and order.</param>
    /// <exception cref="UsageException">The images do not fit the task.</exception>
    /// <exception cref="JobFailedException">A job failed for another reason than divergence.</exception>
    public async Task<TrialResult> Adapt(
        ImageTask task,
        int train,
        int test,
        int seed,
        Trial trial,
        CancellationToken cancellation
    )
    {
        await Started(cancellation);
        if (Pretraining.IsTrained(task.Backbone))
            await Once(task.Backbone, stop => Pretrain(task.Backbone, stop), cancellation);
        if (task.Turned)
            await Once(Turned, Turn, cancellation);
        var names =
            task.Source == DatasetSourceKind.Scenes ? _scenes
            : task.Turned ? _turned
            : _images;
        if (task.Classes.Max() >= names.Count)
            throw new UsageException(
                $"The tasks need {task.Classes.Max() + 1} classes and the images have {names.Count}: give --dataset a "
                    + $"zip with more class folders."
            );
        string[] classes = [.. task.Classes.Select(number => names[number])];

        var dataset = task.Turned ? Turned : Images;
        if (task.Source != DatasetSourceKind.Upload)
        {
            dataset = $"canvases-{Digests.Of(task, task.Source, train, test, seed)[..16]}";
            await Once(dataset, stop => Draw(dataset, task, classes, train, test, seed, stop), cancellation);
        }
        // What these studies call readout has another name where the classes are new, and with a head the same effect.
        var asked = trial.Method == Method.Readout ? trial with { Method = Method.ReadoutPenultimate } : trial;
        var result = await Adapt(
            name =>
                new()
                {
                    Name = name,
                    Backbone = task.Backbone,
                    Dataset = dataset,
                    Classes = task.Having is null ? classes : [Attribute],
                    Readout = trial.Readout,
                    Options = trial.Options with { TestImages = test, Gate = trial.Options.Gate ?? GatePolicy.Off },
                },
            asked,
            seed,
            cancellation
        );
        return result with { Trial = trial };
    }

    private async Task Draw(
        string dataset,
        ImageTask task,
        IReadOnlyList<string> classes,
        int train,
        int test,
        int seed,
        CancellationToken cancellation
    )
    {
        var name = task.Having is null ? dataset : Name("classes");
        var canvas = new CanvasSpec
        {
            Classes = classes,
            Station = task.Station,
            Train = train,
            Test = test,
            Seed = seed,
        };
        await Done(
            await Client.Datasets.Create(
                new()
                {
                    Name = name,
                    Source = new()
                    {
                        Kind = task.Source,
                        From = task.Source == DatasetSourceKind.Clutter ? Images : null,
                        Canvas = canvas,
                    },
                },
                cancellation
            ),
            cancellation
        );
        if (task.Having is null)
            return;
        var file = await WithAttribute(
            name,
            train,
            test,
            [.. task.Having.Select(number => classes[task.Classes.ToList().IndexOf(number)])],
            cancellation
        );
        await Done(
            await Client.Datasets.Upload(dataset, () => new MemoryStream(file), cancellation: cancellation),
            cancellation
        );
        await Client.Datasets.Delete(name, cancellation);
    }

    /// <summary>
    /// The images of a data set of classes in the layout of CelebA: each has the attribute or lacks it.
    /// </summary>
    private async Task<byte[]> WithAttribute(
        string dataset,
        int train,
        int test,
        IReadOnlyList<string> having,
        CancellationToken cancellation
    )
    {
        var (labels, parts) = (new StringBuilder($"{train + test}\n{Attribute}\n"), new StringBuilder());
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (split, part, count) in new[] { ("train", 0, train), ("test", 2, test) })
            {
                for (var i = 0; i < count; i++)
                {
                    var image = await Client.Datasets.Image(dataset, split, i, cancellation);
                    var name = $"{split}-{i}.png";
                    labels.Append(CultureInfo.InvariantCulture, $"{name} {(having.Contains(image.Label) ? 1 : -1)}\n");
                    parts.Append(CultureInfo.InvariantCulture, $"{name} {part}\n");
                    await using var entry = zip.CreateEntry($"images/{name}", CompressionLevel.NoCompression).Open();
                    await entry.WriteAsync(image.Bytes, cancellation);
                }
            }
            foreach (var (name, text) in new[] { ("list_attr_celeba.txt", labels), ("list_eval_partition.txt", parts) })
            {
                await using var entry = zip.CreateEntry(name).Open();
                await entry.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
            }
        }
        return stream.ToArray();
    }

    protected override async Task Prepare(CancellationToken cancellation)
    {
        _scenes = Sorted((await Client.Backbones.Get("scenes", cancellation)).Classes);
        if (data is null)
            return;
        await Done(await Client.Datasets.Upload(Images, data.OpenRead, cancellation: cancellation), cancellation);
        _images = Sorted((await Client.Datasets.Get(Images, cancellation)).Classes);
    }

    private async Task Turn(CancellationToken cancellation)
    {
        var file = TurnedImages.Of(data!);
        await Done(
            await Client.Datasets.Upload(Turned, () => new MemoryStream(file), cancellation: cancellation),
            cancellation
        );
        _turned = Sorted((await Client.Datasets.Get(Turned, cancellation)).Classes);
    }

    private async Task Pretrain(string backbone, CancellationToken cancellation)
    {
        if (kept?.Find(backbone) is { } there)
        {
            await Client.Backbones.Register(backbone, there.OpenRead, cancellation: cancellation);
            return;
        }
        var (dataset, file) = (Name("pretraining"), Pretraining.Images(backbone, data!, perClass));
        await Done(
            await Client.Datasets.Upload(dataset, () => new MemoryStream(file), cancellation: cancellation),
            cancellation
        );
        await Done(
            await Client.Backbones.Train(
                new()
                {
                    Name = backbone,
                    Dataset = dataset,
                    Epochs = epochs,
                    Skip = 0,
                },
                cancellation
            ),
            cancellation
        );
        await Client.Datasets.Delete(dataset, cancellation);
        if (kept is not null)
            await kept.Keep(backbone, weights => Client.Backbones.DownloadWeights(backbone, weights, cancellation));
    }

    private static IReadOnlyList<string> Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}
