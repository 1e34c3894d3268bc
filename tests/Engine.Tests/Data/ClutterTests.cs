using ComodCluster.Engine.Data.Clutter;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Import;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Scenes;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Engine.Tests.Data;

public class ClutterTests
{
    private const int Classes = 4,
        PerClass = 30;

    private readonly FlatObjects _objects = new();

    [Fact]
    public void Canvas_AnyIndex_HasItsClassAtTheStationFromTheRightSplit()
    {
        var canvases = new ClutterCanvases(new(["c2", "c0"], 5, 40, 40, 1), _objects);
        foreach (var split in Enum.GetValues<DatasetSplit>())
        {
            for (var i = 0; i < 40; i++)
            {
                var canvas = canvases.Canvas(split, i);
                var expected = canvases.Label(split, i) == 0 ? 2 : 0;
                Assert.Equal((expected, (int)split), FlatObjects.Read(canvas, 5));
                for (var cell = 0; cell < 9; cell++)
                    Assert.Equal((int)split, FlatObjects.Read(canvas, cell).Split);
            }
        }
    }

    [Fact]
    public void Canvas_ManyOfThem_HaveAllClassesAsDistractors()
    {
        var canvases = new ClutterCanvases(new(["c0", "c1"], 0, 500, 1, 1), _objects);
        var counts = new int[Classes];
        for (var i = 0; i < 500; i++)
        for (var cell = 1; cell < 9; cell++)
            counts[FlatObjects.Read(canvases.Canvas(DatasetSplit.Train, i), cell).Label]++;

        Assert.All(counts, n => Assert.InRange(n, 880, 1_120)); // 1,000 expected of each
    }

    [Fact]
    public void Label_AnyPrefix_IsBalanced()
    {
        var canvases = new ClutterCanvases(new(["c0", "c1", "c3"], 0, 300, 1, 1), _objects);
        var labels = Enumerable.Range(0, 300).Select(i => canvases.Label(DatasetSplit.Train, i)).ToArray();

        for (var n = 3; n <= 300; n += 3)
            Assert.All(labels[..n].CountBy(l => l), c => Assert.Equal(n / 3, c.Value));
        Assert.Contains(Enumerable.Range(0, 100), b => labels[b * 3] != labels[0]);
    }

    [Fact]
    public void WritePack_SameSpec_SameDigestAndLargerCountsOnlyAdd()
    {
        var spec = new ClutterSpec(["c0", "c1"], 4, 20, 10, 3);
        var first = Pack(spec);
        var longer = Pack(spec with { TrainCount = 50 });

        Assert.Equal(first.Manifest.Digest, Pack(spec).Manifest.Digest);
        Assert.NotEqual(first.Manifest.Digest, Pack(spec with { Seed = 4 }).Manifest.Digest);
        Assert.NotEqual(first.Manifest.Digest, Pack(spec with { Station = 5 }).Manifest.Digest);
        Assert.Equal([10, 10], first.Manifest.Train.PerName);
        Assert.Equal([5, 5], first.Manifest.Test.PerName);
        Assert.Equal(new ImageSizes(48, 48, 48, 48), first.Manifest.Sizes);
        for (var i = 0; i < 20; i++)
            Assert.Equal(first.Entry(i).Sha256, longer.Entry(i).Sha256);
        Assert.Equal(new ClutterCanvases(spec, _objects).Canvas(DatasetSplit.Train, 7).Rgb, first.Decode(7).Rgb);
    }

    [Theory]
    [InlineData("c0,c0", 4, 10, "clutter-invalid")]
    [InlineData("c0", 4, 10, "clutter-invalid")]
    [InlineData("c0,c1", 9, 10, "clutter-invalid")]
    [InlineData("c0,c1", 4, -1, "clutter-invalid")]
    [InlineData("c0,c1", 4, 1_000_000, "clutter-invalid")]
    [InlineData("c0,nothing", 4, 10, "class-unknown")]
    public void Constructor_ImpossibleSpec_IsRefused(string classes, int station, int count, string code)
    {
        var e = Assert.Throws<InputException>(() =>
            new ClutterCanvases(new(classes.Split(','), station, count, 10, 1), _objects)
        );

        Assert.Equal(code, e.Code);
    }

    [Fact]
    public void ObjectRange_AdaptAndPretrain_ShareNoObject()
    {
        var scenes = new SceneObjects(1);

        Assert.Equal(1_000, ObjectRange.Adapt.Count(scenes, 0));
        Assert.Equal(4_000, ObjectRange.Pretrain.Count(scenes, 0));
        Assert.Equal(ObjectRange.Adapt.To, ObjectRange.Pretrain.From);
        Assert.Equal(PerClass, ObjectRange.Adapt.Count(_objects, 0));
        Assert.Equal(0, ObjectRange.Pretrain.Count(_objects, 0));
    }

    [Fact]
    public void ObjectPool_OfSomeClasses_HoldsThemInOrder()
    {
        var pool = ObjectPool.Of(_objects, new(DatasetSplit.Test, 5, 8), ["c3", "c1"]);

        Assert.Equal([0, 0, 0, 1, 1, 1], pool.Labels);
        Assert.Equal(6 * 16 * 16 * 3, pool.Rgb.Length);
        Assert.Equal(_objects.Object(DatasetSplit.Test, 3, 6).Rgb, pool.Object(1).ToArray());
        Assert.Equal(_objects.Object(DatasetSplit.Test, 1, 7).Rgb, pool.Object(5).ToArray());
        Assert.Equal(4, ObjectPool.Of(_objects, ObjectRange.Test, maxPerClass: 1).Count);
    }

    [Fact]
    public void ObjectPool_EmptyRange_IsRefused() =>
        Assert.Equal(
            "objects-missing",
            Assert.Throws<InputException>(() => ObjectPool.Of(_objects, ObjectRange.Pretrain)).Code
        );

    [Fact]
    public void PackObjects_RealImages_AreResizedAndKept()
    {
        using var folder = new TempFolder();
        DatasetImport.FromArchive(
            SharedData.Path("cifar10-small.zip"),
            folder.File("pack"),
            new(),
            cancellationToken: TestContext.Current.CancellationToken
        );
        using var pack = DatasetPack.Open(folder.File("pack"));
        var objects = new PackObjects(pack);

        var image = objects.Object(DatasetSplit.Test, 9, 99);

        Assert.Equal(200, objects.Count(DatasetSplit.Train, 0));
        Assert.Equal(100, objects.Count(DatasetSplit.Test, 0));
        Assert.Equal(ImageResize.Resize(pack.Decode(2_999), 16, 16).Rgb, image.Rgb);
        Assert.Same(image.Rgb, objects.Object(DatasetSplit.Test, 9, 99).Rgb);
        Assert.Equal(
            48,
            new ClutterCanvases(new(["airplane", "cat"], 4, 1, 1, 0), objects).Canvas(DatasetSplit.Train, 0).Width
        );
    }

    private DatasetPack Pack(ClutterSpec spec)
    {
        var stream = new MemoryStream();
        new ClutterCanvases(spec, _objects).WritePack(stream, TestContext.Current.CancellationToken);
        return DatasetPack.Open(stream);
    }

    /// <summary>One-coloured objects that tell where they come from.</summary>
    private sealed class FlatObjects : IObjectSource
    {
        public IReadOnlyList<string> Classes { get; } =
        [.. Enumerable.Range(0, ClutterTests.Classes).Select(c => $"c{c}")];

        public int Count(DatasetSplit split, int label) => PerClass;

        public RgbImage Object(DatasetSplit split, int label, int index)
        {
            Assert.InRange(index, 0, PerClass - 1);
            var image = RgbImage.Black(16, 16);
            for (var i = 0; i < image.Rgb.Length; i += 3)
                (image.Rgb[i], image.Rgb[i + 1], image.Rgb[i + 2]) = ((byte)label, (byte)split, (byte)index);
            return image;
        }

        /// <summary>Where the object in a cell comes from; all 256 pixels of the cell must agree.</summary>
        public static (int Label, int Split) Read(RgbImage canvas, int cell)
        {
            int left = cell % 3 * 16,
                top = cell / 3 * 16;
            var first = canvas.Pixel(left, top).ToArray();
            for (var y = 0; y < 16; y++)
            for (var x = 0; x < 16; x++)
                Assert.True(canvas.Pixel(left + x, top + y).SequenceEqual(first));
            return (first[0], first[1]);
        }
    }
}
