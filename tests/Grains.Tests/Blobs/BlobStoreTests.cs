using System.Security.Cryptography;
using ComodCluster.Contracts;
using ComodCluster.Grains.Blobs;
using ComodCluster.Grains.Hosting;
using ComodCluster.Grains.Tests.Hosting;
using ComodCluster.TestInfrastructure;
using Microsoft.Extensions.Time.Testing;

namespace ComodCluster.Grains.Tests.Blobs;

public sealed class BlobStoreTests : IDisposable
{
    private const string Tenant = Names.DefaultTenant;
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];

    private readonly TempFolder _folder = new();
    private readonly DataDirectory _directory;
    private readonly FaultyFiles _files = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly BlobStore _blobs;

    public BlobStoreTests()
    {
        _directory = new DataDirectory(_folder.Path);
        _blobs = new BlobStore(_directory, _files, new ProcessBlobLocks(), _time);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _directory.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Put_Stream_IsStoredUnderItsDigest()
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Content));

        var stored = await _blobs.PutAsync(Tenant, new MemoryStream(Content), null, Stop);

        Assert.Equal(new StoredBlob(digest, Content.Length, _time.GetUtcNow()), stored);
        Assert.Equal([$"default/{digest[..2]}/{digest}"], Blobs());
        Assert.Equal(Content, await _blobs.ReadAllAsync(Tenant, digest, Stop));
    }

    [Fact]
    public async Task Put_SameBytesTwice_AreOneBlobOfTheLaterTime()
    {
        var first = await _blobs.PutAsync(Tenant, Content, Stop);
        _time.Advance(TimeSpan.FromMinutes(1));

        var second = await _blobs.PutAsync(Tenant, new MemoryStream(Content), null, Stop);

        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal((new BlobAddress(Tenant, first.Digest), _time.GetUtcNow()), Assert.Single(_blobs.All()));
    }

    [Fact]
    public async Task Put_LargerThanTheLimit_IsRefusedAndNothingRemains()
    {
        var refusal = await Assert.ThrowsAsync<ComodException>(() => _blobs.PutAsync(Tenant, new MemoryStream(Content), Content.Length - 1, Stop));

        Assert.Equal((ErrorCodes.UploadTooLarge, 413), (refusal.Code, refusal.Status));
        Assert.Empty(Blobs());
        Assert.Empty(Directory.GetFiles(_directory.Temporary));
    }

    [Fact]
    public async Task Put_DiskFull_IsStorageFullAndNothingRemains()
    {
        _files.BytesLeft = Content.Length / 2;

        var refusal = await Assert.ThrowsAsync<ComodException>(() => _blobs.PutAsync(Tenant, new MemoryStream(Content), null, Stop));

        Assert.Equal((ErrorCodes.StorageFull, 507), (refusal.Code, refusal.Status));
        Assert.Empty(Blobs());
        Assert.Empty(Directory.GetFiles(_directory.Temporary));
    }

    [Fact]
    public async Task Put_ReadOnlyDisk_IsStorageUnavailable()
    {
        _files.IsReadOnly = true;

        var refusal = await Assert.ThrowsAsync<ComodException>(() => _blobs.PutAsync(Tenant, Content, Stop));

        Assert.Equal((ErrorCodes.StorageUnavailable, 503), (refusal.Code, refusal.Status));
    }

    [Fact]
    public async Task Put_UploadBreaksOff_NothingRemains()
    {
        await Assert.ThrowsAsync<EndOfStreamException>(() => _blobs.PutAsync(Tenant, new BreakingStream(Content), null, Stop));

        Assert.Empty(Blobs());
        Assert.Empty(Directory.GetFiles(_directory.Temporary));
    }

    [Fact]
    public async Task ReadAll_ChangedByte_IsBlobDamaged()
    {
        var stored = await _blobs.PutAsync(Tenant, Content, Stop);
        var path = Directory.GetFiles(_directory.Blobs, stored.Digest, SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(path, Stop);
        bytes[1000] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Stop);

        var refusal = await Assert.ThrowsAsync<ComodException>(() => _blobs.ReadAllAsync(Tenant, stored.Digest, Stop));

        Assert.Equal(ErrorCodes.BlobDamaged, refusal.Code);
    }

    [Fact]
    public async Task Put_OverADamagedBlob_HealsIt()
    {
        var stored = await _blobs.PutAsync(Tenant, Content, Stop);
        await File.WriteAllTextAsync(Directory.GetFiles(_directory.Blobs, stored.Digest, SearchOption.AllDirectories).Single(), "damaged", Stop);

        await _blobs.PutAsync(Tenant, Content, Stop);

        Assert.Equal(Content, await _blobs.ReadAllAsync(Tenant, stored.Digest, Stop));
    }

    [Fact]
    public async Task Open_MissingOrOfAnotherTenant_IsBlobDamaged()
    {
        var stored = await _blobs.PutAsync(Tenant, Content, Stop);

        Assert.Equal(ErrorCodes.BlobDamaged, Assert.Throws<ComodException>(() => _blobs.Open("other", stored.Digest)).Code);
        Assert.Equal(ErrorCodes.BlobDamaged, Assert.Throws<ComodException>(() => _blobs.Open(Tenant, new string('a', 64))).Code);
    }

    [Theory]
    [InlineData("default", "../../catalog.db")]
    [InlineData("..", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Open_NameThatLeavesTheDirectory_IsRefused(string tenant, string digest) =>
        Assert.Throws<ArgumentException>(() => _blobs.Open(tenant, digest));

    [Fact]
    public async Task Adopt_FinishedFile_BecomesABlob()
    {
        var path = _blobs.TemporaryPath();
        await File.WriteAllBytesAsync(path, Content, Stop);

        var stored = await _blobs.AdoptAsync(Tenant, path, Stop);

        Assert.Equal(Content, await _blobs.ReadAllAsync(Tenant, stored.Digest, Stop));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Delete_StoredAgainSince_KeepsIt()
    {
        var stored = await _blobs.PutAsync(Tenant, Content, Stop);
        _time.Advance(TimeSpan.FromMinutes(1));
        await _blobs.PutAsync(Tenant, Content, Stop);

        Assert.False(await _blobs.Delete(Tenant, stored.Digest, stored.Written, CancellationToken.None));
        Assert.True(await _blobs.Delete(Tenant, stored.Digest, _time.GetUtcNow(), CancellationToken.None));
        Assert.Empty(Blobs());
    }

    [Fact]
    public void ClearTemporary_LeftoversOfAnEarlierProcess_AreRemoved()
    {
        File.WriteAllText(_blobs.TemporaryPath(), "half");

        _blobs.ClearTemporary();

        Assert.Empty(Directory.GetFiles(_directory.Temporary));
    }

    private string[] Blobs() => [.. Directory.GetFiles(_directory.Blobs, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_directory.Blobs, f).Replace('\\', '/'))];

    private sealed class BreakingStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position > Length / 2 ? throw new EndOfStreamException("The client went away.") : await base.ReadAsync(buffer, cancellationToken);
    }
}
