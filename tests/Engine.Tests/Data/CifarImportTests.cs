using System.Formats.Tar;
using System.IO.Compression;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Import;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Engine.Tests.Data;

/// <summary>The binary CIFAR formats, on small files of the exact format.</summary>
public sealed class CifarImportTests : IDisposable
{
    private const string Root10 = "cifar-10-batches-bin/",
        Root100 = "cifar-100-binary/";

    private static readonly string[] Names10 =
    [
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ];

    private readonly TempFolder _folder = new();

    [Fact]
    public void FromArchive_Cifar10Zip_HasEveryPixelAndLabel() => Verify10(new ZipFile(Files10()).Open());

    [Fact]
    public void FromArchive_Cifar10TarGz_HasEveryPixelAndLabel()
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, Root10));
            foreach (var (name, content) in Files10())
                tar.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) }
                );
        }

        Verify10(bytes);
    }

    [Fact]
    public void FromFolder_Cifar10_IsTheSameAsFromTheZip()
    {
        Verify10(new ZipFile(Files10()).Open());
        foreach (var (name, content) in Files10())
            File.WriteAllBytes(_folder.File("data/" + name), content);

        var manifest = DatasetImport
            .FromFolder(
                _folder.File("data"),
                _folder.File("other"),
                new(),
                cancellationToken: TestContext.Current.CancellationToken
            )
            .Manifest;

        using var pack = DatasetPack.Open(PackPath);
        Assert.Equal(pack.Manifest.Digest, manifest.Digest);
    }

    [Fact]
    public void FromArchive_Cifar100_HasFineClassesAndTheirSuperclasses()
    {
        Import(new ZipFile(Files100()).Open());

        using var pack = DatasetPack.Open(PackPath);
        Assert.Equal(["apple", "beaver", "bed", "bee"], pack.Manifest.Names);
        Assert.Equal(["fruit", "mammal", "thing", "mammal"], pack.Manifest.Superclasses);
        Assert.Equal([3, 3, 3, 3], pack.Manifest.Train.PerName);
        Assert.Equal([1, 1, 1, 1], pack.Manifest.Test.PerName);
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(i % 4, pack.Labels(i)[0]);
            AssertPixels(i, pack.Decode(i));
        }
    }

    [Fact]
    public void FromArchive_TruncatedBatch_IsRefused() =>
        Refused("dataset-layout", With(Files10(), "data_batch_2.bin", b => b[..^1]), "data_batch_2.bin");

    [Fact]
    public void FromArchive_EmptyBatch_IsRefused() =>
        Refused("dataset-layout", With(Files10(), "data_batch_2.bin", _ => []), "data_batch_2.bin");

    [Fact]
    public void FromArchive_LabelWithoutName_IsRefused() =>
        Refused(
            "dataset-labels",
            With(Files10(), "test_batch.bin", b => [10, .. b[1..]]),
            "class 10",
            "test_batch.bin"
        );

    [Theory]
    [InlineData("batches.meta.txt")]
    [InlineData("test_batch.bin")]
    public void FromArchive_MissingCifar10File_IsNamed(string name) =>
        Refused("dataset-layout", [.. Files10().Where(f => !f.Name.EndsWith(name, StringComparison.Ordinal))], name);

    [Theory]
    [InlineData("coarse_label_names.txt")]
    [InlineData("train.bin")]
    public void FromArchive_MissingCifar100File_IsNamed(string name) =>
        Refused("dataset-layout", [.. Files100().Where(f => !f.Name.EndsWith('/' + name))], name);

    [Fact]
    public void FromArchive_ClassOfTwoSuperclasses_IsRefused() =>
        Refused("dataset-labels", With(Files100(), "test.bin", b => [1, .. b[1..]]), "'apple'");

    [Fact]
    public void FromArchive_SuperclassWithoutName_IsRefused() =>
        Refused("dataset-labels", With(Files100(), "train.bin", b => [3, .. b[1..]]), "superclass 3");

    public void Dispose() => _folder.Dispose();

    private string PackPath => _folder.File("pack");

    private void Verify10(Stream archive)
    {
        var manifest = Import(archive);

        Assert.Equal(Names10, manifest.Names);
        Assert.All(manifest.Train.PerName, n => Assert.Equal(5, n));
        Assert.All(manifest.Test.PerName, n => Assert.Equal(2, n));
        Assert.Equal(new ImageSizes(32, 32, 32, 32), manifest.Sizes);
        using var pack = DatasetPack.Open(PackPath);
        for (var i = 0; i < 70; i++)
        {
            Assert.Equal(i % 10, pack.Labels(i)[0]);
            Assert.Equal(i < 50 ? DatasetSplit.Train : DatasetSplit.Test, pack.Entry(i).Split);
            AssertPixels(i, pack.Decode(i));
        }
    }

    private DatasetManifest Import(Stream archive) =>
        DatasetImport
            .FromArchive(archive, PackPath, new(), cancellationToken: TestContext.Current.CancellationToken)
            .Manifest;

    private void Refused(string code, (string Name, byte[] Content)[] files, params string[] mentions)
    {
        var e = Assert.Throws<InputException>(() => Import(new ZipFile(files).Open()));
        Assert.Equal(code, e.Code);
        Assert.All(mentions, m => Assert.Contains(m, e.Message, StringComparison.Ordinal));
        Assert.Empty(_folder.Files());
    }

    private static (string Name, byte[] Content)[] Files10() =>
        [
            .. Enumerable
                .Range(1, 5)
                .Select(b => ($"{Root10}data_batch_{b}.bin", Records(10 * (b - 1), 10, i => [(byte)(i % 10)]))),
            (Root10 + "test_batch.bin", Records(50, 20, i => [(byte)(i % 10)])),
            (Root10 + "batches.meta.txt", Text([.. Names10, ""])),
            (Root10 + "readme.html", Text("<html>")),
        ];

    private static (string Name, byte[] Content)[] Files100()
    {
        byte[] coarse = [0, 1, 2, 1];
        return
        [
            (Root100 + "train.bin", Records(0, 12, i => [coarse[i % 4], (byte)(i % 4)])),
            (Root100 + "test.bin", Records(12, 4, i => [coarse[i % 4], (byte)(i % 4)])),
            (Root100 + "fine_label_names.txt", Text("apple", "beaver", "bed", "bee")),
            (Root100 + "coarse_label_names.txt", Text("fruit", "mammal", "thing")),
        ];
    }

    private static byte[] Records(int first, int count, Func<int, byte[]> labels) =>
        [.. Enumerable.Range(first, count).SelectMany(i => labels(i).Concat(Planes(i)))];

    private static IEnumerable<byte> Planes(int image) =>
        from channel in Enumerable.Range(0, 3)
        from y in Enumerable.Range(0, 32)
        from x in Enumerable.Range(0, 32)
        select Value(image, channel, y, x);

    private static byte Value(int image, int channel, int y, int x) => (byte)(image * 7 + channel * 50 + y * 3 + x);

    private static void AssertPixels(int image, RgbImage pixels)
    {
        foreach (var (y, x) in new[] { (0, 0), (0, 31), (31, 0), (13, 22) })
            Assert.Equal(
                [Value(image, 0, y, x), Value(image, 1, y, x), Value(image, 2, y, x)],
                pixels.Pixel(x, y).ToArray()
            );
    }

    private static (string Name, byte[] Content)[] With(
        (string Name, byte[] Content)[] files,
        string name,
        Func<byte[], byte[]> change
    ) => [.. files.Select(f => f.Name.EndsWith('/' + name) ? (f.Name, change(f.Content)) : f)];

    private static byte[] Text(params string[] lines) =>
        System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + '\n');
}
