using System.IO.Compression;
using System.Net;
using ComodCluster.Api;
using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;

namespace ComodCluster.Silo.Tests.Api.Datasets;

public class DatasetEndpointTests(RunningSilo silo)
{
    private readonly HttpClient _client = silo.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_Archive_ImportedWithImagesAndLabels()
    {
        var job = await _client.PutDataset("ds-put", TinyWorld.Archive());
        Assert.Equal((JobKind.Import, JobPhase.Succeeded, "ds-put"), (job.Kind, job.Phase, job.Subject));
        var dataset = await _client.Get<DatasetInfo>("/v1/datasets/ds-put");
        Assert.Equal(
            (DatasetPhase.Ready, LabelKind.Classes, 48, 12),
            (dataset.Phase, dataset.Labels, dataset.TrainImages, dataset.TestImages)
        );
        Assert.Equal(TinyWorld.Classes, dataset.Classes);
        var image = await _client.GetAsync("/v1/datasets/ds-put/images/test/0", Cancellation);
        Assert.Equal(
            (HttpStatusCode.OK, "image/png"),
            (image.StatusCode, image.Content.Headers.ContentType?.MediaType)
        );
        var label = Array.IndexOf(TinyWorld.Classes, image.Headers.GetValues("X-Label").Single());
        var bytes = await image.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.Contains(Enumerable.Range(0, 20), number => TinyWorld.Png(label, number).AsSpan().SequenceEqual(bytes));
        Assert.Contains(
            "12 images",
            await (await _client.GetAsync("/v1/datasets/ds-put/images/test/12", Cancellation)).ShouldBeProblem(
                HttpStatusCode.NotFound,
                "not-found"
            )
        );
    }

    [Fact]
    public async Task Put_WithSettings_ReportsWhatWasMadeOfTheArchive()
    {
        var archive = TinyWorld.Zip([
            .. new[] { "left", "right" }.SelectMany(part =>
                new[] { "a", "b" }.SelectMany(
                    (name, label) =>
                        Enumerable.Range(0, 3).Select(i => ($"{part}/{name}/{i}.png", TinyWorld.Png(label, i)))
                )
            ),
            ("left/a/broken.png", [1, 2, 3]),
            ("left/labels.csv", [65]),
            ("thumbs.db", [1]),
        ]);

        var failed = await _client.PutDataset("ds-parts-unknown", archive);
        var job = await _client.PutDataset("ds-parts?train=left&test=right&skipUnreadable=true", archive);

        Assert.Equal("dataset-layout", failed.Error?.Code);
        Assert.Equal(JobPhase.Succeeded, job.Phase);
        var dataset = await _client.Get<DatasetInfo>("/v1/datasets/ds-parts");
        Assert.Equal((6, 6), (dataset.TrainImages, dataset.TestImages));
        var report = dataset.Report!;
        Assert.Equal(ImportLayout.Split, report.Layout);
        Assert.Equal(
            [("left", "train", 7), ("right", "test", 6)],
            report.Parts.Select(p => (p.Folder, p.Split, p.Images))
        );
        Assert.Equal(2, report.Ignored.Count);
        Assert.Equal(["'left/a/broken.png' (the file is not a readable image)"], report.Skipped.First);
    }

    [Theory]
    [InlineData("encoding=cp999", HttpStatusCode.UnprocessableEntity, "text-encoding")]
    [InlineData("layout=flat", HttpStatusCode.BadRequest, "request-invalid")]
    [InlineData("test=right", HttpStatusCode.UnprocessableEntity, "dataset-layout")]
    [InlineData("layout=cifar&train=left", HttpStatusCode.UnprocessableEntity, "dataset-layout")]
    public async Task Put_SettingsThatCannotBe_RefusedBeforeTheArchiveIsSent(
        string settings,
        HttpStatusCode status,
        string code
    )
    {
        using var body = new UnsentContent();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/datasets/ds-settings?{settings}")
        {
            Content = body,
            Headers = { ExpectContinue = true },
        };
        await (await _client.SendAsync(request, Cancellation)).ShouldBeProblem(status, code);
        Assert.False(body.Sent);
    }

    [Fact]
    public async Task Put_SameJobAndArchive_StartsNothingTwice()
    {
        async Task<HttpResponseMessage> Put(byte[] archive) =>
            await _client.PutAsync(
                "/v1/datasets/ds-twice?job=import-twice",
                SiloCalls.Bytes(archive, "application/zip"),
                Cancellation
            );
        var archive = TinyWorld.Archive();
        var first = await _client.Ended(await Put(archive));
        var second = await _client.Ended(await Put(archive));
        Assert.Equal(("import-twice", JobPhase.Succeeded), (first.Id, first.Phase));
        Assert.Equal((first.Id, first.Finished), (second.Id, second.Finished));
        var conflict = await Put(TinyWorld.Archive(10));
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
    }

    [Fact]
    public async Task Put_NameTaken_409()
    {
        await _client.PutDataset("ds-taken", TinyWorld.Archive());
        await (
            await _client.PutAsync("/v1/datasets/ds-taken", SiloCalls.Bytes(TinyWorld.Archive(10)), Cancellation)
        ).ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");
    }

    [Fact]
    public async Task Put_NameTaken_RefusedBeforeTheArchiveIsSent()
    {
        await _client.PutDataset("ds-unsent", TinyWorld.Archive());
        using var body = new UnsentContent();
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/datasets/ds-unsent")
        {
            Content = body,
            Headers = { ExpectContinue = true },
        };
        await (await _client.SendAsync(request, Cancellation)).ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");
        Assert.False(body.Sent);
    }

    public static TheoryData<string, string, byte[]> HostileArchives =>
        new()
        {
            {
                "ds-climbs",
                "archive-path",
                TinyWorld.Zip(("a/1.png", TinyWorld.Png(0, 0)), ("../../evil.png", TinyWorld.Png(0, 0)))
            },
            { "ds-noise", "archive-unreadable", [.. Enumerable.Repeat((byte)3, 3000)] },
            {
                "ds-bomb",
                "archive-bomb",
                TinyWorld.Zip([
                    .. Enumerable
                        .Range(0, 8)
                        .Select(i => ($"{(i % 2 == 0 ? "a" : "b")}/{i}.png", new byte[15_000_000])),
                ])
            },
            { "ds-one-class", "dataset-one-class", TinyWorld.Archive(5, "only") },
            { "ds-one-image", "dataset-class-too-small", TinyWorld.Archive(1) },
            {
                "ds-no-image",
                "image-unreadable",
                TinyWorld.Zip([
                    .. Enumerable
                        .Range(0, 8)
                        .Select(i => ($"{(i % 2 == 0 ? "a" : "b")}/{i}.png", "this is no image"u8.ToArray())),
                ])
            },
            { "ds-symlink", "archive-symlink", WithSymlink() },
        };

    [Theory]
    [MemberData(nameof(HostileArchives), DisableDiscoveryEnumeration = true)]
    public async Task Put_HostileArchive_JobFailsWithCodeAndNothingRemains(string name, string code, byte[] archive)
    {
        var job = await _client.PutDataset(name, archive);
        Assert.Equal((JobPhase.Failed, code), (job.Phase, job.Error?.Code));
        Assert.EndsWith(".", job.Error!.Message);
        Assert.DoesNotContain("comod-test-", job.Error.Message);
        var dataset = await _client.Get<DatasetInfo>($"/v1/datasets/{name}");
        Assert.Equal((DatasetPhase.Failed, job.Error.Message), (dataset.Phase, dataset.Reason));
        await Gone(BlobOf(archive));
        Assert.Empty(Directory.GetFiles(Path.Combine(silo.Data, "temporary"), "*evil*"));
        await (await _client.GetAsync($"/v1/datasets/{name}/images/train/0", Cancellation)).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "not-ready"
        );
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await _client.DeleteAsync($"/v1/datasets/{name}", Cancellation)).StatusCode
        );
    }

    [Fact]
    public async Task Post_ScenesThenClutter_Drawn()
    {
        var scenes = new DatasetSpec
        {
            Name = "ds-scenes",
            Source = new DatasetSource
            {
                Kind = DatasetSourceKind.Scenes,
                Canvas = new CanvasSpec
                {
                    Classes = ["gear", "bolt"],
                    Station = 4,
                    Train = 8,
                    Test = 6,
                },
            },
        };
        Assert.Null((await _client.Ended(await _client.PostJson("/v1/datasets", scenes))).Error);
        Assert.Equal((8, 6), await Images("ds-scenes"));

        Assert.Null((await _client.PutDataset("ds-objects", TinyWorld.Archive())).Error);
        var clutter = new DatasetSpec
        {
            Name = "ds-clutter",
            Source = new DatasetSource
            {
                Kind = DatasetSourceKind.Clutter,
                From = "ds-objects",
                Canvas = new CanvasSpec
                {
                    Classes = ["bars", "spots"],
                    Station = 0,
                    Train = 6,
                    Test = 4,
                },
            },
        };
        Assert.Null((await _client.Ended(await _client.PostJson("/v1/datasets", clutter))).Error);
        Assert.Equal((6, 4), await Images("ds-clutter"));
    }

    [Fact]
    public async Task Post_UploadWithoutArchive_400() =>
        await (
            await _client.PostJson(
                "/v1/datasets",
                new DatasetSpec
                {
                    Name = "ds-none",
                    Source = new DatasetSource { Kind = DatasetSourceKind.Upload },
                }
            )
        ).ShouldBeProblem(HttpStatusCode.BadRequest, "request-invalid");

    [Fact]
    public async Task Delete_UsedByATask_409()
    {
        await _client.PutTinyTask("ds-used");
        await (await _client.DeleteAsync("/v1/datasets/ds-used", Cancellation)).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "in-use"
        );
    }

    [Fact]
    public async Task List_Pages_CoverEveryNameOnce()
    {
        foreach (var name in new[] { "ds-page-a", "ds-page-b", "ds-page-c" })
            await _client.PutDataset(name, TinyWorld.Archive(5));
        var names = new List<string>();
        for (string? after = "ds-page"; after is not null && after.CompareTo("ds-page-d") < 0; )
        {
            var page = await _client.Get<Page<DatasetInfo>>($"/v1/datasets?limit=1&after={after}");
            names.AddRange(page.Items.Select(d => d.Name));
            after = page.Next;
        }
        Assert.Equal(["ds-page-a", "ds-page-b", "ds-page-c"], names.Take(3));
    }

    private async Task<(int, int)> Images(string name)
    {
        var dataset = await _client.Get<DatasetInfo>($"/v1/datasets/{name}");
        return (dataset.TrainImages, dataset.TestImages);
    }

    /// <summary>A job's leavings go after its end is on record.</summary>
    private static async Task Gone(string file)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(file)!, Path.GetFileName(file));
        watcher.Deleted += (_, _) => gone.TrySetResult();
        watcher.EnableRaisingEvents = true;
        if (File.Exists(file))
            await gone.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    private string BlobOf(byte[] content)
    {
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
        return Path.Combine(silo.Data, "blobs", TenantName.Default.Value, digest[..2], digest);
    }

    /// <summary>A body that nobody should ask for.</summary>
    private sealed class UnsentContent : HttpContent
    {
        // HttpClient sends shorter bodies in any case.
        private const int Size = 100_000;

        public UnsentContent() => Headers.ContentType = new("application/zip");

        public bool Sent { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            Sent = true;
            return stream.WriteAsync(new byte[Size]).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Size;
            return true;
        }
    }

    private static byte[] WithSymlink()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            var link = zip.CreateEntry("a/1.png");
            link.ExternalAttributes = 0xA1FF << 16; // a symbolic link, rwxrwxrwx
            using var target = link.Open();
            target.Write("/etc/passwd"u8);
        }
        return bytes.ToArray();
    }
}
