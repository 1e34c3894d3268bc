using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Import;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Engine.Tests.Data;

/// <summary>Uploads made to do harm: each is refused with a stable code and leaves no file.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    private const uint CentralSignature = 0x02014B50,
        LocalSignature = 0x04034B50;

    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("../evil.png")]
    [InlineData("a/../../evil.png")]
    [InlineData("a/./evil.png")]
    [InlineData("/etc/evil.png")]
    [InlineData("C:/evil.png")]
    [InlineData("a\\..\\evil.png")]
    [InlineData("a//evil.png")]
    [InlineData("a/evil\n.png")]
    public void Zip_PathThatClimbs_IsRefused(string name) =>
        Refused("archive-path", ZipFile.OfClasses(3, "a", "b").Add((name, Pictures.Png(1))).ToArray());

    [Theory]
    [InlineData(0xA1FF)] // symbolic link
    [InlineData(0x11FF)] // named pipe
    [InlineData(0x21FF)] // device
    public void Zip_LinkOrSpecialFile_IsRefused(int mode) =>
        Refused(
            "archive-symlink",
            ZipFile.OfClasses(3, "a", "b").AddWithMode("a/link.png", mode, "/etc/passwd").ToArray()
        );

    [Fact]
    public void Zip_SameNameTwice_IsRefused() =>
        Refused(
            "archive-duplicate",
            ZipFile.OfClasses(3, "a", "b").Add(("a/x.png", Pictures.Png(1)), ("a/x.png", Pictures.Png(2))).ToArray()
        );

    [Fact]
    public void Zip_Encrypted_IsRefused()
    {
        var zip = ZipFile.OfClasses(3, "a", "b").ToArray();
        foreach (var at in Find(zip, CentralSignature))
            zip[at + 8] |= 1;
        foreach (var at in Find(zip, LocalSignature))
            zip[at + 6] |= 1;

        Refused("archive-encrypted", zip);
    }

    [Fact]
    public void Zip_NoArchiveAtAll_IsRefused()
    {
        Refused("archive-unreadable", []);
        Refused("archive-unreadable", "no archive"u8.ToArray());
        Refused("archive-unreadable", new byte[100_000]);
    }

    [Fact]
    public void Zip_Truncated_IsRefused()
    {
        var zip = ZipFile.OfClasses(3, "a", "b").ToArray();
        foreach (var length in new[] { 10, zip.Length / 2, zip.Length - 30, zip.Length - 1 })
            Refused("archive-unreadable", zip[..length]);
    }

    [Fact]
    public void Zip_DamagedEntry_IsRefusedByItsChecksum()
    {
        var zip = new ZipFile(
            ("a/1.bmp", Golden.Bytes("photo.bmp")),
            ("a/2.png", Pictures.Png(1)),
            ("b/1.png", Pictures.Png(2)),
            ("b/2.png", Pictures.Png(3))
        ).ToArray();
        foreach (var at in Find(zip, CentralSignature))
            zip[at + 16] ^= 1; // the checksums that the directory states

        Refused("archive-unreadable", zip);
    }

    [Fact]
    public void Zip_Bomb_StopsAtTheRatio() =>
        Refused("archive-bomb", ZipFile.OfClasses(3, "a", "b").Add(("a/zeros.bmp", new byte[19_000_000])).ToArray());

    [Fact]
    public void Zip_BombWhoseHeadersClaimLittle_IsRefused()
    {
        var zip = ZipFile.OfClasses(3, "a", "b").Add(("a/zeros.bmp", new byte[19_000_000])).ToArray();
        foreach (var at in Find(zip, CentralSignature))
            Claim(zip, at + 24, 19_000_000, 1_000);
        foreach (var at in Find(zip, LocalSignature))
            Claim(zip, at + 22, 19_000_000, 1_000);

        Refused("archive-unreadable", zip); // unpacking stops at the claimed length, where the checksum is wrong
    }

    [Fact]
    public void Zip_EntriesThatShareOneBlock_AreCountedEachTime()
    {
        // A "better zip bomb": many directory entries point to the same packed bytes.
        var noise = new byte[700_000];
        new Random(3).NextBytes(noise);
        var zip = new ZipFile([
            .. Enumerable.Range(0, 400).Select(i => ($"a/{i:000}.png", i == 0 ? noise : [1])),
        ]).ToArray();
        var central = Find(zip, CentralSignature).ToArray();
        foreach (var at in central[1..])
            zip.AsSpan(central[0] + 10, 20).CopyTo(zip.AsSpan(at + 10)); // method, time, checksum, lengths
        foreach (var at in central[1..])
            zip.AsSpan(central[0] + 42, 4).CopyTo(zip.AsSpan(at + 42)); // where the packed bytes lie
        foreach (var at in central[..3])
            zip[at + 46] = (byte)'b';

        Refused("archive-bomb", zip);
    }

    [Fact]
    public void Zip_MoreEntriesThanAllowed_IsRefusedWhateverItClaims()
    {
        var zip = ZipFile.OfClasses(6, "a", "b").ToArray();
        var limits = new ImportOptions { Archive = new ArchiveLimits(MaxEntries: 11) };
        Refused("archive-too-large", zip, limits);
        var end = Find(zip, 0x06054B50).Single();
        BinaryPrimitives.WriteInt16LittleEndian(zip.AsSpan(end + 8), 2);
        BinaryPrimitives.WriteInt16LittleEndian(zip.AsSpan(end + 10), 2);

        Refused("archive-too-large", zip, limits);
        Refused("archive-unreadable", zip);
    }

    [Fact]
    public void Zip_TooManyPackedOrUnpackedBytes_IsRefused()
    {
        var zip = ZipFile.OfClasses(6, "a", "b").ToArray();

        Refused("archive-too-large", zip, new() { Archive = new ArchiveLimits(MaxPackedBytes: zip.Length - 1) });
        Refused("archive-too-large", zip, new() { Archive = new ArchiveLimits(MaxUnpackedBytes: 500) });
    }

    [Fact]
    public void Zip_AnyFlippedByte_EitherImportsOrIsRefused()
    {
        var zip = ZipFile.OfClasses(2, "a", "b").ToArray();
        for (var i = 0; i < zip.Length; i++)
        {
            var broken = (byte[])zip.Clone();
            broken[i] ^= (byte)(1 << (i % 8));
            var e = Record.Exception(() => Import(broken, new()));
            Assert.True(e is null or InputException, $"byte {i}: {e}");
        }
    }

    [Fact]
    public void Tar_ClassFolders_Import()
    {
        var manifest = Import(
            Gzip(
                Tar(t =>
                {
                    t.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "./set/"));
                    foreach (var c in new[] { "a", "b" })
                        for (var i = 0; i < 5; i++)
                            Write(t, $"./set/{c}/{i}.png", Pictures.Png(i));
                })
            ),
            new()
        );

        Assert.Equal([4, 4], manifest.Train.PerName);
        Assert.Equal(["pack"], _folder.Files());
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    public void Tar_Link_IsRefused(TarEntryType type) =>
        Refused(
            "archive-symlink",
            Gzip(
                Tar(t =>
                {
                    Write(t, "a/1.png", Pictures.Png(1));
                    t.WriteEntry(new PaxTarEntry(type, "a/2.png") { LinkName = "/etc/passwd" });
                })
            )
        );

    [Fact]
    public void Tar_PathThatClimbs_IsRefused() =>
        Refused("archive-path", Tar(t => Write(t, "../1.png", Pictures.Png(1))));

    [Fact]
    public void Tar_Bomb_StopsAtTheRatio() =>
        Refused("archive-bomb", Gzip(Tar(t => Write(t, "a/1.png", new byte[30_000_000]))));

    [Fact]
    public void Tar_Truncated_IsRefused()
    {
        var tar = Gzip(Tar(t => Write(t, "a/1.png", Golden.Bytes("photo.bmp"))));

        Refused("archive-unreadable", tar[..(tar.Length / 2)]);
        Refused("archive-unreadable", [0x1F, 0x8B, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    }

    public void Dispose() => _folder.Dispose();

    private void Refused(string code, byte[] archive, ImportOptions? options = null)
    {
        var e = Assert.Throws<InputException>(() => Import(archive, options ?? new()));
        Assert.Equal(code, e.Code);
        Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Empty(_folder.Files());
    }

    private DatasetManifest Import(byte[] archive, ImportOptions options) =>
        DatasetImport
            .FromArchive(
                new MemoryStream(archive),
                _folder.File("pack"),
                options,
                cancellationToken: TestContext.Current.CancellationToken
            )
            .Manifest;

    private static IEnumerable<int> Find(byte[] bytes, uint signature)
    {
        for (var i = 0; i + 4 <= bytes.Length; i++)
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i)) == signature)
                yield return i;
    }

    private static void Claim(byte[] zip, int at, int was, int now)
    {
        if (BinaryPrimitives.ReadInt32LittleEndian(zip.AsSpan(at)) == was)
            BinaryPrimitives.WriteInt32LittleEndian(zip.AsSpan(at), now);
    }

    private static byte[] Tar(Action<TarWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
            write(tar);
        return bytes.ToArray();
    }

    private static void Write(TarWriter tar, string name, byte[] content) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });

    private static byte[] Gzip(byte[] tar)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.SmallestSize))
            gzip.Write(tar);
        return bytes.ToArray();
    }
}
