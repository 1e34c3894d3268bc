using ComodCluster.Engine.Data.Import;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Engine.Tests.Data;

/// <summary>Folders as people hand them out: read for what they are, or refused with the cause.</summary>
public sealed class LayoutTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("train", "test")]
    [InlineData("training", "testing")]
    [InlineData("Train", "Test")]
    [InlineData("TRAINING_SET", "TEST_SET")]
    [InlineData("trn", "tst")]
    [InlineData("train", "val")]
    [InlineData("train", "validation")]
    [InlineData("Training", "Validation")]
    [InlineData("train", "valid")]
    [InlineData("train", "dev")]
    [InlineData("train", "eval")]
    [InlineData("train", "holdout")]
    [InlineData("train", "hold-out")]
    [InlineData("train2017", "val2017")]
    [InlineData("train_images", "test_images")]
    [InlineData("seg_train/seg_train", "seg_test/seg_test")]
    public void Parts_ByTheNamesInUse_AreASplit(string train, string test)
    {
        foreach (var top in new[] { "", "data/", "a/b/c/" })
        {
            var imported = Import(Files(top, (train, 3), (test, 2)));

            Assert.Equal(["cat", "dog"], imported.Manifest.Names);
            Assert.Equal((6, 4), (imported.Manifest.Train.Images, imported.Manifest.Test.Images));
            Assert.Equal(SourceLayout.Split, imported.Report.Layout);
            Assert.Equal(
                [(DatasetSplit.Train, 6), (DatasetSplit.Test, 4)],
                imported.Report.Parts.Select(p => (p.Split, p.Images)).OrderBy(p => p.Split)
            );
        }
    }

    [Fact]
    public void Parts_Three_ValidationJoinsTraining()
    {
        var imported = Import(Files("", ("train", 3), ("val", 2), ("test", 1)));

        Assert.Equal((10, 2), (imported.Manifest.Train.Images, imported.Manifest.Test.Images));
    }

    [Fact]
    public void Parts_InEachClass_AreASplit()
    {
        var imported = Import([
            "cat/train/1.png",
            "cat/train/2.png",
            "cat/test/1.png",
            "dog/train/1.png",
            "dog/train/2.png",
            "dog/test/1.png",
        ]);

        Assert.Equal(["cat", "dog"], imported.Manifest.Names);
        Assert.Equal([1, 1], imported.Manifest.Test.PerName);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("Testing")]
    [InlineData("val")]
    public void Class_NamedAsAPart_StaysAClass(string name) =>
        Assert.Equal(
            new[] { "car", name }.Order(StringComparer.Ordinal),
            Import(["car/1.png", "car/2.png", $"{name}/1.png", $"{name}/2.png"]).Manifest.Names
        );

    [Theory]
    [InlineData("train_station", "valley")]
    [InlineData("test-tube", "devil")]
    [InlineData("trainer", "contest")]
    public void Class_WhoseNameBeginsAsAPart_IsAClass(string first, string second) =>
        Assert.Equal(
            new[] { first, second }.Order(StringComparer.Ordinal),
            Import([$"{first}/x/1.png", $"{first}/2.png", $"{second}/1.png", $"{second}/2.png"]).Manifest.Names
        );

    [Theory]
    [InlineData("'left', 'right'", "left/cat/1.png left/dog/1.png right/cat/1.png right/dog/1.png")]
    [InlineData("'extra'", "train/cat/1.png train/dog/1.png extra/cat/1.png extra/dog/1.png")]
    [InlineData("'test/1.png'", "train/cat/1.png train/dog/1.png test/1.png test/2.png")]
    [InlineData("'train/1.png'", "train/1.png train/2.png val/1.png val/2.png")]
    [InlineData("'train', 'training'", "train/cat/1.png train/dog/1.png training/cat/1.png training/dog/1.png")]
    [InlineData("none named 'train'", "val/cat/1.png val/dog/1.png test/cat/1.png test/dog/1.png")]
    public void Folders_InNoKnownLayout_AreNamed(string mention, string files)
    {
        var e = Assert.Throws<InputException>(() => Import(files.Split(' ')));

        Assert.Equal("dataset-layout", e.Code);
        Assert.Contains(mention, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OverruleWhatIsFound()
    {
        string[] files = [.. Files("top/", ("left", 3), ("right", 2), ("other", 1))];

        var named = Import(files, new() { TrainFolder = "top/left", TestFolder = "top/right/" });
        var classes = Import(files, new() { Layout = SourceLayout.Classes });
        var heldOut = Import(files, new() { TrainFolder = "top/left" });

        Assert.Equal((6, 4), (named.Manifest.Train.Images, named.Manifest.Test.Images));
        Assert.Equal(2, named.Report.Ignored.Count);
        Assert.Equal(["left", "other", "right"], classes.Manifest.Names);
        Assert.True(heldOut.Report.HeldOut);
        Assert.Equal((4, 2), (heldOut.Manifest.Train.Images, heldOut.Manifest.Test.Images));
    }

    [Fact]
    public void Options_ThatDoNotFit_AreRefused()
    {
        string[] files = [.. Files("", ("train", 3), ("test", 2))];
        foreach (
            var options in (ImportOptions[])
                [
                    new() { TestFolder = "test" },
                    new() { TrainFolder = "train", TestFolder = "train/cat" },
                    new() { TrainFolder = "nowhere" },
                    new() { Layout = SourceLayout.Cifar },
                    new() { Layout = SourceLayout.CelebA },
                    new() { Layout = SourceLayout.Classes, TrainFolder = "train" },
                ]
        )
            Assert.Equal("dataset-layout", Assert.Throws<InputException>(() => Import(files, options)).Code);
    }

    [Fact]
    public void WhatSystemsAdd_IsIgnoredEverywhereAndCounted()
    {
        string[] added =
        [
            "Icon\r",
            "thumbs.db",
            "Thumbs.DB",
            "desktop.ini",
            "Desktop.ini",
            "@eaDir/x.png",
            "._1.png",
            "__MACOSX/1.png",
            ".DS_Store",
            "#recycle/1.png",
            "lost+found/1.png",
            "$RECYCLE.BIN/1.png",
            "System Volume Information/1.png",
            ".Spotlight-V100/1.png",
            ".ipynb_checkpoints/1-checkpoint.png",
        ];
        string[] places = ["", "set/", "set/train/", "set/train/cat/"];

        var imported = Import([
            .. Files("set/", ("train", 3), ("test", 2)),
            .. places.SelectMany(p => added.Select(a => p + a)),
        ]);

        Assert.Equal(["cat", "dog"], imported.Manifest.Names);
        Assert.Equal((6, 4), (imported.Manifest.Train.Images, imported.Manifest.Test.Images));
        Assert.Equal(places.Length * added.Length, imported.Report.Ignored.Count);
        Assert.Equal(10, imported.Report.Ignored.First.Count);
    }

    [Theory]
    [InlineData("README")]
    [InlineData("LICENSE.txt")]
    [InlineData("set/README.md")]
    [InlineData("set/train/labels.csv")]
    [InlineData("set/train/cat/labels.csv")]
    [InlineData("set/train/cat/annotation.xml")]
    public void TextBesideImages_IsIgnoredAndReported(string name)
    {
        var imported = Import([.. Files("set/", ("train", 3), ("test", 2)), name]);

        Assert.Equal([$"'{name}'"], imported.Report.Ignored.First);
        Assert.Equal((6, 4), (imported.Manifest.Train.Images, imported.Manifest.Test.Images));
    }

    [Fact]
    public void Backslashes_OfWindows_SeparateFolders()
    {
        string[] names = ["cat\\1.png", "cat\\2.png", "dog\\1.png", "dog\\2.png"];
        RawZip.Entry[] entries = [.. names.Select(n => new RawZip.Entry(Bytes(n), Pictures.Png(1)))];

        Assert.Equal(["cat", "dog"], Import(RawZip.Of(entries), new()).Manifest.Names);
        var e = Assert.Throws<InputException>(() =>
            Import(RawZip.Of([.. entries.Select(x => x with { Host = RawZip.Unix })]), new())
        );
        Assert.Contains("backslash", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ModeOfALink_CountsOnUnixOnly()
    {
        string[] names = ["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"];
        RawZip.Entry[] entries = [.. names.Select(n => new RawZip.Entry(Bytes(n), Pictures.Png(1), Mode: 0xA1FF))];

        Assert.Equal(4, Import(RawZip.Of(entries), new()).Manifest.Images);
        var e = Assert.Throws<InputException>(() =>
            Import(RawZip.Of([.. entries.Select(x => x with { Host = RawZip.Unix })]), new())
        );
        Assert.Equal("archive-symlink", e.Code);
    }

    [Fact]
    public void SkipUnreadable_TakesTheOthersAndReports()
    {
        var zip = ZipFile
            .OfClasses(5, "a", "b")
            .Add(("a/x.jpg", "no image"u8.ToArray()), ("b/y.png", "GIF89a"u8.ToArray()));

        var imported = Import(zip.Open(), new() { SkipUnreadable = true });

        Assert.Equal(10, imported.Manifest.Images);
        Assert.Equal(2, imported.Report.Skipped.Count);
        Assert.Contains("'b/y.png' (the file is a GIF, which is not read)", imported.Report.Skipped.First);
        var e = Assert.Throws<InputException>(() =>
            Import(
                new ZipFile(
                    ("a/1.png", Pictures.Png(1)),
                    ("a/2.png", Pictures.Png(2)),
                    ("b/1.png", [1]),
                    ("b/2.png", [2])
                ).Open(),
                new() { SkipUnreadable = true }
            )
        );
        Assert.Equal("dataset-class-too-small", e.Code);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Files(string top, params (string Part, int PerClass)[] parts) =>
        parts.SelectMany(p =>
            new[] { "cat", "dog" }.SelectMany(c =>
                Enumerable.Range(0, p.PerClass).Select(i => $"{top}{p.Part}/{c}/{i}.png")
            )
        );

    private static byte[] Bytes(string name) => System.Text.Encoding.UTF8.GetBytes(name);

    private ImportedDataset Import(IEnumerable<string> files, ImportOptions? options = null) =>
        Import(RawZip.Of([.. files.Select((f, i) => new RawZip.Entry(Bytes(f), Pictures.Png(i)))]), options ?? new());

    private ImportedDataset Import(Stream zip, ImportOptions options) =>
        DatasetImport.FromArchive(
            zip,
            _folder.File("pack"),
            options,
            cancellationToken: TestContext.Current.CancellationToken
        );
}
