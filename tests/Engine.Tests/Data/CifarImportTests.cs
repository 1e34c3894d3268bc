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
    public void FromArchive_Cifar10TarGz_HasEveryPixelAndLabel() => Verify10(TarGz(Files10()));

    /// <summary>With what else lies in the archives of cs.toronto.edu.</summary>
    [Theory]
    [InlineData("cifar-10-binary.tar.gz", "cifar-10-batches-bin/readme.html")]
    [InlineData("cifar-10-python.tar.gz", "cifar-10-batches-py/readme.html")]
    [InlineData("cifar-100-binary.tar.gz", null)]
    [InlineData("cifar-100-python.tar.gz", "cifar-100-python/file.txt~")]
    public void FromArchive_AsHandedOut_IsTheSameAsTheBinaryZip(string archive, string? beside)
    {
        var (binary, labels) = archive.StartsWith("cifar-100", StringComparison.Ordinal)
            ? (Files100(), 2)
            : (Files10(), 1);
        var expected = Import(new ZipFile(binary).Open());
        var files = archive.Contains("python", StringComparison.Ordinal)
            ? binary
                .Where(f => !f.Name.EndsWith("coarse_label_names.txt", StringComparison.Ordinal))
                .Select(f => Pickled(f, labels))
                .Select(f => (f.Name.Replace("-bin/", "-py/").Replace("-binary/", "-python/"), f.Content))
            : binary;
        if (beside is not null)
            files = files.Where(f => f.Item1 != beside).Append((beside, Text("also there")));

        Assert.Equal(expected.Digest, Import(TarGz([.. files])).Digest);
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

    [Fact]
    public void FromArchive_PythonVersions_AreTheSameAsTheBinaryOnes()
    {
        foreach (var (binary, label) in new[] { (Files10(), 1), (Files100(), 2) })
        {
            var expected = Import(new ZipFile(binary).Open());
            var python = Import(new ZipFile([.. binary.Select(f => Pickled(f, label))]).Open());

            Assert.Equal(expected.Digest, python.Digest);
        }
    }

    [Fact]
    public void FromArchive_PythonVersionWithAnyBrokenByte_ImportsOrIsRefused()
    {
        (string Name, byte[] Content)[] files = [.. Files10().Select(f => Pickled(f, 1))];
        var meta = Array.FindIndex(files, f => f.Name.EndsWith("batches.meta", StringComparison.Ordinal));
        var batch = Array.FindIndex(files, f => f.Name.EndsWith("data_batch_1", StringComparison.Ordinal));
        foreach (var place in new[] { meta, batch })
            for (var i = 0; i < Math.Min(files[place].Content.Length, 150); i++)
            {
                var broken = files.ToArray();
                broken[place].Content = (byte[])broken[place].Content.Clone();
                broken[place].Content[i] ^= (byte)(1 << (i % 8));
                var e = Record.Exception(() => Import(new ZipFile(broken).Open()));
                Assert.True(e is null or InputException, $"byte {i}: {e}");
            }
    }

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

    private static MemoryStream TarGz((string Name, byte[] Content)[] files)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            tar.WriteEntry(
                new UstarTarEntry(TarEntryType.Directory, files[0].Name[..(files[0].Name.IndexOf('/') + 1)])
            );
            foreach (var (name, content) in files)
                tar.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) }
                );
        }
        bytes.Position = 0;
        return bytes;
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

    /// <summary>A binary file as Python 2 pickled it for the Python version of the data set.</summary>
    private static (string Name, byte[] Content) Pickled((string Name, byte[] Content) file, int labelBytes)
    {
        const int pixels = 3072;
        if (file.Name.EndsWith("batches.meta.txt", StringComparison.Ordinal))
            return (file.Name[..^4], Dictionary(("label_names", Names(file.Content))));
        if (file.Name.EndsWith("fine_label_names.txt", StringComparison.Ordinal))
            return (
                file.Name.Replace("fine_label_names.txt", "meta", StringComparison.Ordinal),
                Dictionary(
                    ("fine_label_names", Names(file.Content)),
                    (
                        "coarse_label_names",
                        Names(
                            Files100()
                                .Single(f => f.Name.EndsWith("coarse_label_names.txt", StringComparison.Ordinal))
                                .Content
                        )
                    )
                )
            );
        if (!file.Name.EndsWith(".bin", StringComparison.Ordinal))
            return file;
        var records = file.Content.Chunk(labelBytes + pixels).ToArray();
        byte[] Labels(int of) => List(records.Select(r => new byte[] { (byte)'K', r[of] }));
        byte[] Files() => List(records.Select((_, i) => Short($"{i}.png")));
        var data = Array([.. records.SelectMany(r => r[labelBytes..])]);
        return (
            file.Name[..^4],
            labelBytes == 1
                ? Dictionary(
                    ("batch_label", Short("one")),
                    ("labels", Labels(0)),
                    ("data", data),
                    ("filenames", Files())
                )
                : Dictionary(
                    ("filenames", Files()),
                    ("batch_label", Short("one")),
                    ("data", data),
                    ("coarse_labels", Labels(0)),
                    ("fine_labels", Labels(1))
                )
        );

        static byte[] Names(byte[] lines) =>
            List(
                System
                    .Text.Encoding.ASCII.GetString(lines)
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(Short)
            );
        static byte[] Short(string text) =>
            [(byte)'U', (byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text)];
        static byte[] List(IEnumerable<byte[]> items) =>
            [(byte)']', (byte)'q', 5, (byte)'(', .. items.SelectMany(i => i), (byte)'e'];
        static byte[] Dictionary(params (string Key, byte[] Value)[] members) =>
            [
                0x80,
                2,
                (byte)'}',
                (byte)'q',
                1,
                (byte)'(',
                .. members.SelectMany(m => Short(m.Key).Concat(m.Value)),
                (byte)'u',
                (byte)'.',
            ];
        // numpy.core.multiarray._reconstruct(ndarray, (0,), 'b'), then its state: version, shape, type, order, bytes.
        static byte[] Array(byte[] bytes) =>
            [
                .. "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0"u8,
                0x85,
                (byte)'U',
                1,
                (byte)'b',
                0x87,
                (byte)'R',
                (byte)'(',
                (byte)'K',
                1,
                (byte)'M',
                1,
                0,
                (byte)'M',
                0,
                12,
                0x86,
                .. "cnumpy\ndtype\nU\u0002u1K\0K\u0001"u8,
                0x87,
                (byte)'R',
                (byte)'(',
                (byte)'K',
                3,
                (byte)'U',
                1,
                (byte)'|',
                (byte)'N',
                (byte)'N',
                (byte)'N',
                (byte)'J',
                255,
                255,
                255,
                255,
                (byte)'J',
                255,
                255,
                255,
                255,
                (byte)'K',
                0,
                (byte)'t',
                (byte)'b',
                0x89,
                (byte)'T',
                .. BitConverter.GetBytes(bytes.Length),
                .. bytes,
                (byte)'t',
                (byte)'b',
            ];
    }
}
