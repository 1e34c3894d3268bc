using ComodCluster.Engine.Data.Import;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Engine.Tests.Data;

public sealed class ClassFolderImportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void FromArchive_ClassFolders_HoldsOutAFifthPerClass()
    {
        var manifest = Import(ZipFile.OfClasses(10, "nut", "bolt", "gear"));

        Assert.Equal(["bolt", "gear", "nut"], manifest.Names);
        Assert.Equal([8, 8, 8], manifest.Train.PerName);
        Assert.Equal([2, 2, 2], manifest.Test.PerName);
    }

    [Fact]
    public void FromArchive_SameSeed_HoldsOutTheSame()
    {
        var zip = ZipFile.OfClasses(10, "nut", "bolt");

        Assert.Equal(Import(zip).Digest, Import(zip).Digest);
        Assert.NotEqual(Import(zip).Digest, Import(zip, new() { Seed = 1 }).Digest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("top/")]
    [InlineData("./")]
    public void FromArchive_TrainAndTest_KeepsTheirSplitAndOrder(string top)
    {
        var zip = new ZipFile(
            (top + "test/b/1.png", Pictures.Png(7)),
            (top + "train/b/2.png", Pictures.Png(5)),
            (top + "train/b/1.png", Pictures.Png(4)),
            (top + "train/a/x/2.png", Pictures.Png(3)),
            (top + "train/a/1.png", Pictures.Png(2)),
            (top + "test/a/1.png", Pictures.Png(6)),
            (top + "train/a/.DS_Store", [1]),
            ("__MACOSX/train/a/1.png", [1]),
            (top + "Thumbs.db", [2]),
            (top + "train/c/", [])
        );

        Import(zip);

        using var pack = DatasetPack.Open(PackPath);
        Assert.Equal(["a", "b"], pack.Manifest.Names);
        Assert.Equal(
            [2, 3, 4, 5, 6, 7],
            Enumerable
                .Range(0, 6)
                .Select(i => Array.FindIndex(Known, k => k.AsSpan().SequenceEqual(pack.ReadImage(i).Span)))
        );
        Assert.Equal([0, 0, 1, 1, 0, 1], Enumerable.Range(0, 6).Select(i => pack.Labels(i)[0]));
        Assert.Equal([4, 5], pack.Indices(DatasetSplit.Test));
    }

    [Fact]
    public void FromArchive_TopFolderAndReadme_AreTolerated()
    {
        var zip = new ZipFile(
            ("set/README.md", [65]),
            ("set/a/1.png", Pictures.Png(1)),
            ("set/a/2.png", Pictures.Png(2)),
            ("set/b/1.png", Pictures.Png(3)),
            ("set/b/2.png", Pictures.Png(4))
        );

        Assert.Equal(["a", "b"], Import(zip).Names);
    }

    [Fact]
    public void FromArchive_ClassNamedTrain_IsAClass()
    {
        var manifest = Import(ZipFile.OfClasses(3, "car", "train"));

        Assert.Equal(["car", "train"], manifest.Names);
    }

    [Fact]
    public void FromArchive_Progress_EndsAtTheTotal()
    {
        var reports = new List<ImportProgress>();

        var manifest = DatasetImport
            .FromArchive(
                ZipFile.OfClasses(40, "a", "b").Open(),
                PackPath,
                new(),
                new Direct(reports),
                TestContext.Current.CancellationToken
            )
            .Manifest;

        Assert.Equal(new ImportProgress(80, 80, manifest.ImageBytes), reports[^1]);
        Assert.True(reports.Count > 1);
    }

    [Fact]
    public void FromFolder_SameFiles_GiveTheSamePackAsTheZip()
    {
        var zip = ZipFile.OfClasses(5, "nut", "bolt");
        var fromZip = Import(zip);
        System.IO.Compression.ZipFile.ExtractToDirectory(zip.Open(), _folder.File("unpacked"));

        var fromFolder = DatasetImport
            .FromFolder(
                _folder.File("unpacked"),
                PackPath,
                new(),
                cancellationToken: TestContext.Current.CancellationToken
            )
            .Manifest;

        Assert.Equal(fromZip.Digest, fromFolder.Digest);
    }

    [Fact]
    public void FromFolder_LinkToAFolderOutside_IsRefused()
    {
        System.IO.Compression.ZipFile.ExtractToDirectory(ZipFile.OfClasses(3, "a", "b").Open(), _folder.File("set"));
        Directory.CreateSymbolicLink(_folder.File("set/c"), "/");

        var e = Assert.Throws<InputException>(() =>
            DatasetImport.FromFolder(
                _folder.File("set"),
                PackPath,
                new(),
                cancellationToken: TestContext.Current.CancellationToken
            )
        );

        Assert.Equal("archive-symlink", e.Code);
        Assert.False(File.Exists(PackPath));
    }

    [Fact]
    public async Task FromFolder_NamedPipe_IsNoImageAndDoesNotBlock()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no named pipes in folders.");
        System.IO.Compression.ZipFile.ExtractToDirectory(ZipFile.OfClasses(3, "a", "b").Open(), _folder.File("set"));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", _folder.File("set/a/pipe.png")))
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);

        var e = await Assert.ThrowsAsync<InputException>(() =>
            Task.Run(
                    () => DatasetImport.FromFolder(_folder.File("set"), PackPath, new()),
                    TestContext.Current.CancellationToken
                )
                .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );

        Assert.Equal("image-unreadable", e.Code);
    }

    [Fact]
    public void FromFolder_Missing_SaysSo()
    {
        var e = Assert.Throws<InputException>(() =>
            DatasetImport.FromFolder(
                _folder.File("nowhere"),
                PackPath,
                new(),
                cancellationToken: TestContext.Current.CancellationToken
            )
        );

        Assert.Equal("folder-missing", e.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("set/train/")]
    public void FromArchive_TableOfSuperclasses_IsInTheManifest(string folder)
    {
        var zip = new ZipFile([
            .. new[] { "a", "b", "c" }.SelectMany(
                (c, k) => Enumerable.Range(0, 3).Select(i => ($"{folder}{c}/{i}.png", Pictures.Png(k * 100 + i)))
            ),
        ]);
        zip.Add(
            (
                folder.Replace("train/", "", StringComparison.Ordinal) + "superclasses.tsv",
                "c\tthings\na\tliving things\nb\tthings\n"u8.ToArray()
            )
        );

        var manifest = DatasetImport
            .FromArchive(zip.Open(), PackPath, new(), cancellationToken: TestContext.Current.CancellationToken)
            .Manifest;

        Assert.Equal(["a", "b", "c"], manifest.Names);
        Assert.Equal(["living things", "things", "things"], manifest.Superclasses);
    }

    [Theory]
    [InlineData("a\tone\n", "'b'")]
    [InlineData("a\tone\nb\ttwo\nd\tone\n", "'d?one'")]
    [InlineData("a\tone\nb\ttwo\nb\tone\n", "'b?one'")]
    [InlineData("a one\nb\ttwo\n", "'a one'")]
    public void FromArchive_TableOfSuperclassesThatDoesNotFit_IsRefused(string table, string mention) =>
        Refused(
            "dataset-labels",
            ZipFile.OfClasses(3, "a", "b").Add(("superclasses.tsv", System.Text.Encoding.UTF8.GetBytes(table))),
            mention
        );

    [Fact]
    public void FromArchive_OneClass_IsRefused() =>
        Refused("dataset-one-class", ZipFile.OfClasses(5, "only"), "'only'");

    [Fact]
    public void FromArchive_ClassWithOneImage_IsRefused() =>
        Refused("dataset-class-too-small", ZipFile.OfClasses(5, "a", "b").Add(("c/1.png", Pictures.Png(1))), "'c'");

    [Fact]
    public void FromArchive_TestClassWithoutTraining_IsRefused() =>
        Refused(
            "dataset-class-too-small",
            new ZipFile(
                ("train/a/1.png", Pictures.Png(1)),
                ("train/a/2.png", Pictures.Png(1)),
                ("test/b/1.png", Pictures.Png(1)),
                ("test/b/2.png", Pictures.Png(1))
            ),
            "'b'"
        );

    [Fact]
    public void FromArchive_NoImages_IsRefused()
    {
        Refused("dataset-empty", new ZipFile());
        Refused("dataset-empty", new ZipFile(("empty/", []), ("README.txt", [65])));
    }

    [Fact]
    public void FromArchive_TooManyClasses_IsRefused() =>
        Refused(
            "dataset-too-many-classes",
            new ZipFile([.. Enumerable.Range(0, 1001).Select(i => ($"c{i:0000}/1.png", Array.Empty<byte>()))]),
            "1001"
        );

    [Fact]
    public void FromArchive_ImageOutsideAnyClass_IsRefused() =>
        Refused("dataset-layout", ZipFile.OfClasses(3, "a", "b").Add(("stray.png", Pictures.Png(1))), "'stray.png'");

    [Theory]
    [InlineData("other/a/1.png")]
    [InlineData("train/1.png")]
    public void FromArchive_OtherFoldersBesideTrainAndTest_AreRefused(string name) =>
        Refused(
            "dataset-layout",
            new ZipFile(("train/a/1.png", Pictures.Png(1)), ("test/a/1.png", Pictures.Png(1)), (name, Pictures.Png(1)))
        );

    [Fact]
    public void FromArchive_TestWithoutTrain_IsRefused() =>
        Refused(
            "dataset-layout",
            new ZipFile(("test/a/1.png", Pictures.Png(1)), ("test/b/1.png", Pictures.Png(1))),
            "'train'"
        );

    [Fact]
    public void FromArchive_BadImages_NamesThemWithTheirReasons()
    {
        var jpeg = Golden.Bytes("photo.jpg");
        var zip = ZipFile
            .OfClasses(5, "a", "b")
            .Add(("a/x.jpg", jpeg[..(jpeg.Length / 2)]), ("b/y.dat", "no image"u8.ToArray()), ("b/z.jpg", jpeg));

        Refused("image-unreadable", zip, "2 of 13", "'a/x.jpg' (the image is", "'b/y.dat' (the file is");
    }

    [Fact]
    public void FromArchive_OversizedPicture_NamesIt() =>
        Refused(
            "image-too-large",
            ZipFile.OfClasses(5, "a", "b").Add(("a/huge.png", Pictures.PngThatClaims(41_000, 1_000))),
            "'a/huge.png'",
            "1 of 11"
        );

    [Fact]
    public void FromArchive_TwentyOneMegabyteFile_NamesIt()
    {
        var noise = new byte[21_000_000];
        new Random(1).NextBytes(noise);

        Refused("image-too-large", ZipFile.OfClasses(5, "a", "b").Add(("a/huge.png", noise)), "'a/huge.png'");
    }

    [Fact]
    public void FromArchive_Cancelled_LeavesNothing()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
            DatasetImport.FromArchive(ZipFile.OfClasses(5, "a", "b").Open(), PackPath, new(), null, cancel.Token)
        );

        Assert.Empty(_folder.Files());
    }

    [Fact]
    public void FromArchive_RealImages_AreAllThere()
    {
        var manifest = DatasetImport
            .FromArchive(
                SharedData.Path("cifar10-small.zip"),
                PackPath,
                new(),
                cancellationToken: TestContext.Current.CancellationToken
            )
            .Manifest;

        Assert.Equal(
            ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
            manifest.Names
        );
        Assert.All(manifest.Train.PerName, n => Assert.Equal(200, n));
        Assert.All(manifest.Test.PerName, n => Assert.Equal(100, n));
        Assert.Equal(new ImageSizes(32, 32, 32, 32), manifest.Sizes);
        // What earlier builds made of this archive: tasks refer to it.
        Assert.Equal("cf6d3cf925954b044f89fe1692836e52f6c56ce41261a02d31c0c32f13db1e54", manifest.Digest);
        using var pack = DatasetPack.Open(PackPath);
        Assert.Equal(32 * 32 * 3, pack.Decode(2_999).Rgb.Length);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[][] Known { get; } = [.. Enumerable.Range(0, 8).Select(i => Pictures.Png(i))];

    private string PackPath => _folder.File("pack");

    private DatasetManifest Import(ZipFile zip, ImportOptions? options = null) =>
        DatasetImport
            .FromArchive(
                zip.Open(),
                PackPath,
                options ?? new(),
                cancellationToken: TestContext.Current.CancellationToken
            )
            .Manifest;

    private void Refused(string code, ZipFile zip, params string[] mentions)
    {
        var e = Assert.Throws<InputException>(() => Import(zip));
        Assert.Equal(code, e.Code);
        Assert.All(mentions, m => Assert.Contains(m, e.Message, StringComparison.Ordinal));
        Assert.Empty(_folder.Files());
    }

    private sealed class Direct(List<ImportProgress> reports) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => reports.Add(value);
    }
}
