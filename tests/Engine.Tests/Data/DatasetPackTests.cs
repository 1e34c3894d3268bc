using ComodCluster.Engine.Data;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Engine.Tests.Data;

public sealed class DatasetPackTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Complete_ClassPack_ReadsBackAsWritten()
    {
        var images = Enumerable.Range(0, 10).Select(i => Pictures.Png(i, 8 + i, 9)).ToArray();
        var path = Write(images);

        using var pack = DatasetPack.Open(path);

        Assert.Equal(10, pack.Count);
        Assert.Equal(["a", "b"], pack.Manifest.Names);
        Assert.Equal(DatasetKind.Classes, pack.Manifest.Kind);
        Assert.Equal([0, 1, 2, 4, 5, 6, 8, 9], pack.Indices(DatasetSplit.Train));
        Assert.Equal([3, 7], pack.Indices(DatasetSplit.Test));
        Assert.Equal([0, 2, 4, 6, 8], pack.IndicesOfClass(DatasetSplit.Train, 0));
        Assert.Equal([5, 3], pack.Manifest.Train.PerName);
        Assert.Equal([0, 2], pack.Manifest.Test.PerName);
        Assert.Equal(new ImageSizes(8, 9, 17, 9), pack.Manifest.Sizes);
        Assert.Equal(3, pack.Manifest.Channels);
        Assert.Equal(images.Sum(i => (long)i.Length), pack.Manifest.ImageBytes);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(images[i], pack.ReadImage(i).ToArray());
            var entry = pack.Entry(i);
            Assert.Equal(
                (i, i % 2, 8 + i, 9, images[i].Length),
                (entry.Index, entry.Labels[0], entry.Width, entry.Height, entry.Length)
            );
            Assert.Equal(
                Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(images[i])),
                entry.Sha256
            );
        }
        pack.VerifyDigest(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Complete_AttributePack_KeepsEveryLabel()
    {
        var labels = Enumerable
            .Range(0, 5)
            .Select(i =>
                Enumerable
                    .Range(0, 11)
                    .Select(a => (int)(CounterRandom.NextUInt64(1, (ulong)i, (ulong)a) & 1))
                    .ToArray()
            )
            .ToArray();
        using var stream = new MemoryStream();
        using (
            var writer = new DatasetPackWriter(
                stream,
                DatasetKind.Attributes,
                [.. Enumerable.Range(0, 11).Select(a => $"a{a}")]
            )
        )
        {
            for (var i = 0; i < 5; i++)
                writer.Add(Pictures.Png(i), 8, 8, i == 4 ? DatasetSplit.Test : DatasetSplit.Train, labels[i]);
            writer.Complete("test");
        }

        using var pack = DatasetPack.Open(stream);

        for (var i = 0; i < 5; i++)
            Assert.Equal(labels[i], pack.Labels(i));
        Assert.Equal(labels[4], pack.Manifest.Test.PerName);
        Assert.Throws<InvalidOperationException>(() => pack.IndicesOfClass(DatasetSplit.Train, 0));
    }

    [Fact]
    public void Complete_SameImages_SameDigestAndAManifestEqualToTheStoredOne()
    {
        var images = new[] { Pictures.Png(1), Pictures.Png(2) };
        using var first = DatasetPack.Open(Write(images, "one"));
        using var second = DatasetPack.Open(Write(images, "two"));
        using var other = DatasetPack.Open(Write([Pictures.Png(1), Pictures.Png(3)], "three"));

        Assert.Equal(first.Manifest.Digest, second.Manifest.Digest);
        Assert.Equal(64, first.Manifest.Digest.Length);
        Assert.NotEqual(first.Manifest.Digest, other.Manifest.Digest);
    }

    [Fact]
    public void ReadImage_FromManyThreads_IsAlwaysTheRightOne()
    {
        var images = Enumerable.Range(0, 10).Select(i => Pictures.Png(i)).ToArray();
        using var fromFile = DatasetPack.Open(Write(images));
        using var fromStream = DatasetPack.Open(new MemoryStream(File.ReadAllBytes(Write(images, "again"))));

        Parallel.For(
            0,
            2_000,
            n =>
            {
                var i = (int)(CounterRandom.NextUInt64(1, 1, (ulong)n) % 10);
                Assert.Equal(images[i], fromFile.ReadImage(i).ToArray());
                Assert.Equal(images[i], fromStream.ReadImage(i).ToArray());
            }
        );
    }

    [Fact]
    public void Open_EveryTruncation_IsUnreadable()
    {
        var bytes = File.ReadAllBytes(Write([Pictures.Png(1), Pictures.Png(2)]));
        for (var length = 0; length < bytes.Length; length++)
        {
            var e = Assert.Throws<InputException>(() => DatasetPack.Open(new MemoryStream(bytes, 0, length)));
            Assert.Equal("pack-unreadable", e.Code);
        }
    }

    [Fact]
    public void Open_NewerFormat_SaysSo()
    {
        var bytes = File.ReadAllBytes(Write([Pictures.Png(1)]));
        bytes[8] = 2;

        var e = Assert.Throws<InputException>(() => DatasetPack.Open(new MemoryStream(bytes)));

        Assert.Equal("pack-unreadable", e.Code);
        Assert.Contains("format 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadImage_ChangedByte_IsCorrupt()
    {
        var bytes = File.ReadAllBytes(Write([Pictures.Png(1), Pictures.Png(2)]));
        bytes[30] ^= 1;
        using var pack = DatasetPack.Open(new MemoryStream(bytes));

        Assert.Equal("pack-corrupt", Assert.Throws<InputException>(() => pack.ReadImage(0)).Code);
        Assert.Equal(
            "pack-corrupt",
            Assert.Throws<InputException>(() => pack.VerifyDigest(TestContext.Current.CancellationToken)).Code
        );
        Assert.NotEqual(0, pack.ReadImage(1).Length);
    }

    [Fact]
    public void Add_LabelsThatDoNotFit_Throws()
    {
        using var writer = new DatasetPackWriter(Stream.Null, DatasetKind.Classes, ["a", "b"]);

        Assert.Throws<ArgumentException>(() => writer.Add([1], 1, 1, DatasetSplit.Train, [2]));
        Assert.Throws<ArgumentException>(() => writer.Add([1], 1, 1, DatasetSplit.Train, [0, 1]));
        Assert.Throws<ArgumentException>(() => writer.Add([1], 1, 1, DatasetSplit.Train, [-1]));
        Assert.Equal(0, writer.Images);
    }

    [Fact]
    public void Complete_VersionOne_HasTheFrozenBytes()
    {
        using var stream = new MemoryStream();
        using (var writer = new DatasetPackWriter(stream, DatasetKind.Classes, ["a", "b"]))
        {
            writer.Add([1, 2, 3], 4, 5, DatasetSplit.Train, [1]);
            writer.Complete("frozen");
        }

        Assert.Equal(Golden.Bytes("pack-v1.bin"), stream.ToArray());
    }

    [Fact]
    public void Open_VersionOne_IsReadForEver()
    {
        using var pack = DatasetPack.Open(new MemoryStream(Golden.Bytes("pack-v1.bin")));

        Assert.Equal("frozen", pack.Manifest.Source);
        Assert.Equal([1], pack.Labels(0));
        Assert.Equal([1, 2, 3], pack.ReadImage(0).ToArray());
        pack.VerifyDigest(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Dispose();

    private string Write(byte[][] images, string name = "pack")
    {
        var path = _folder.File(name);
        using var stream = File.Create(path);
        using var writer = new DatasetPackWriter(stream, DatasetKind.Classes, ["a", "b"]);
        for (var i = 0; i < images.Length; i++)
        {
            var (width, height) = ImageDecoder.ReadSize(images[i], ImageLimits.Default);
            writer.Add(images[i], width, height, i % 4 == 3 ? DatasetSplit.Test : DatasetSplit.Train, [i % 2]);
        }
        writer.Complete("test");
        return path;
    }
}
