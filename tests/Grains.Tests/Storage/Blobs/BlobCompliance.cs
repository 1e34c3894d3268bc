using System.Security.Cryptography;
using ComodCluster.Api;
using ComodCluster.Api.Datasets;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.Grains.Tests.Storage.Catalog;
using ComodCluster.Grains.Tests.Storage.Collection;
using ComodCluster.TestInfrastructure;
using Microsoft.Extensions.Time.Testing;

namespace ComodCluster.Grains.Tests.Storage.Blobs;

/// <summary>What blobs do wherever they are kept, seen by two silos.</summary>
public abstract class BlobCompliance : IAsyncLifetime
{
    private protected static readonly TenantName Tenant = TenantName.Default;
    private protected static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];

    // A bucket's own time is that of the machine.
    private protected readonly FakeTimeProvider Time = new(DateTimeOffset.UtcNow);

    private readonly IBlobLocks _locks = new ProcessBlobLocks();
    private readonly List<TestBlobs> _silos = [];
    private protected readonly TempFolder Folder = new();

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected TestBlobs Here { get; private set; } = null!;

    private protected TestBlobs There { get; private set; } = null!;

    private protected BlobStore Blobs => Here.Store;

    /// <summary>Makes an empty place for blobs.</summary>
    private protected abstract Task<(string? Shared, Func<DataDirectory, IBlobFiles, IBlobDepot> Depot)> NewPlace();

    /// <summary>The file that has a stored blob's bytes, to be damaged.</summary>
    private protected abstract string FileOf(string digest);

    /// <summary>Whether nothing of any blob is stored.</summary>
    private protected abstract bool IsEmpty { get; }

    public async ValueTask InitializeAsync()
    {
        var (shared, depot) = await NewPlace();
        (Here, There) = (Silo("here"), Silo("there"));

        TestBlobs Silo(string name)
        {
            var silo = new TestBlobs(Path.Combine(Folder.Path, name), shared, depot, _locks);
            _silos.Add(silo);
            return silo;
        }
    }

    public ValueTask DisposeAsync()
    {
        _silos.ForEach(s => s.Dispose());
        Folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Put_Stream_IsStoredUnderItsDigestAndReadEverywhere()
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Content));

        var stored = await Blobs.PutAsync(Tenant, new MemoryStream(Content), null, Stop);

        Assert.Equal((digest, Content.Length), (stored.Digest, stored.Length));
        Assert.Equal([new(Tenant, digest)], await All());
        foreach (var silo in _silos)
            Assert.Equal(Content, await silo.Store.ReadAllAsync(Tenant, digest, Stop));
    }

    [Fact]
    public async Task CopyTo_Blob_GivesItsBytesAndTheListingTheirNumber()
    {
        var digest = (await Blobs.PutAsync(Tenant, Content, Stop)).Digest;
        using var copy = new MemoryStream();

        Assert.True(await There.Depot.CopyTo(new(Tenant, digest), copy, Stop));
        Assert.False(await There.Depot.CopyTo(new(Tenant, new string('a', 64)), copy, Stop));

        Assert.Equal(Content, copy.ToArray());
        Assert.Equal(Content.Length, (await There.Store.All(Stop).SingleAsync(Stop)).Length);
        Assert.Empty(There.Copies);
    }

    [Fact]
    public async Task Put_Nothing_IsABlobToo()
    {
        var stored = await Blobs.PutAsync(Tenant, new MemoryStream(), null, Stop);

        Assert.Empty(await There.Store.ReadAllAsync(Tenant, stored.Digest, Stop));
    }

    [Fact]
    public async Task Put_SameBytesAtOnceFromTwoSilos_AreOneBlob()
    {
        var stored = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i => _silos[i % 2].Store.PutAsync(Tenant, new MemoryStream(Content), null, Stop))
        );

        var digest = Assert.Single(stored.Select(s => s.Digest).Distinct());
        Assert.Equal([new(Tenant, digest)], await All());
        Assert.Equal(Content, await There.Store.ReadAllAsync(Tenant, digest, Stop));
        Assert.Empty(Here.Temporary);
    }

    [Fact]
    public async Task Put_LargerThanAPartOfAnUpload_IsStoredWholeAndIsWhoseStoredItLast()
    {
        var large = new byte[(17 << 20) + 123];
        new Random(1).NextBytes(large);

        var first = await Blobs.PutAsync(Tenant, new MemoryStream(large), null, Stop);
        var read = await There.Store.ReadAllAsync(Tenant, first.Digest, Stop);
        Assert.True(large.AsSpan().SequenceEqual(read));
        var second = await There.Store.PutAsync(Tenant, large, Stop);

        Assert.Equal((first.Digest, first.Length), (second.Digest, second.Length));
        Assert.Equal([new(Tenant, first.Digest)], await All());
        Assert.False(await Blobs.DeleteKept(Tenant, first.Digest, first.Kept, Stop));
        Assert.True(await Blobs.DeleteKept(Tenant, second.Digest, second.Kept, Stop));
        Assert.True(IsEmpty);
    }

    [Fact]
    public async Task Put_LargerThanTheLimit_IsRefusedAndNothingRemains() =>
        await RefusedAndNothingRemains(
            (ErrorCodes.UploadTooLarge, 413),
            () => Blobs.PutAsync(Tenant, new MemoryStream(Content), Content.Length - 1, Stop)
        );

    [Fact]
    public async Task Put_DiskFull_IsStorageFullAndNothingRemains()
    {
        Here.Files.BytesLeft = Content.Length / 2;

        await RefusedAndNothingRemains(
            (ErrorCodes.StorageFull, 507),
            () => Blobs.PutAsync(Tenant, new MemoryStream(Content), null, Stop)
        );
    }

    [Fact]
    public async Task Put_ReadOnlyDisk_IsStorageUnavailable()
    {
        Here.Files.IsReadOnly = true;

        await RefusedAndNothingRemains(
            (ErrorCodes.StorageUnavailable, 503),
            () => Blobs.PutAsync(Tenant, Content, Stop)
        );
    }

    [Fact]
    public async Task Put_UploadBreaksOff_NothingRemains()
    {
        await Assert.ThrowsAsync<EndOfStreamException>(() =>
            Blobs.PutAsync(Tenant, new BreakingStream(Content), null, Stop)
        );

        Assert.Empty(Here.Temporary);
        Assert.True(IsEmpty);
    }

    [Fact]
    public async Task Adopt_FinishedFile_BecomesABlob()
    {
        var path = Blobs.TemporaryPath();
        await File.WriteAllBytesAsync(path, Content, Stop);

        var stored = await Blobs.AdoptAsync(Tenant, path, Stop);

        Assert.Equal(Content, await There.Store.ReadAllAsync(Tenant, stored.Digest, Stop));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Open_MissingOrOfAnotherTenant_IsBlobDamaged()
    {
        var stored = await Blobs.PutAsync(Tenant, Content, Stop);

        await IsDamaged(() => Blobs.OpenAsync(new("other"), stored.Digest, Stop));
        await IsDamaged(() => Blobs.OpenAsync(Tenant, new string('a', 64), Stop));
    }

    [Theory]
    [InlineData("default", "../../catalog.db")]
    [InlineData("..", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Open_NameOfNoBlob_IsRefused(string tenant, string digest) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Blobs.OpenAsync(new(tenant), digest, Stop));

    [Fact]
    public async Task Open_OnAnotherSilo_IsSeekable()
    {
        var stored = await Blobs.PutAsync(Tenant, Content, Stop);

        await using var file = await There.Store.OpenAsync(Tenant, stored.Digest, Stop);

        Assert.Equal(Content.Length, file.Length);
        file.Seek(-1, SeekOrigin.End);
        Assert.Equal(Content[^1], file.ReadByte());
    }

    [Fact]
    public async Task Open_ByManyAtOnce_AllReadIt()
    {
        var stored = await Blobs.PutAsync(Tenant, Content, Stop);

        var read = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => There.Store.ReadAllAsync(Tenant, stored.Digest, Stop))
        );

        Assert.All(read, bytes => Assert.Equal(Content, bytes));
    }

    [Fact]
    public async Task ReadAll_ChangedByte_IsBlobDamagedUntilItIsPutAgain()
    {
        var stored = await Blobs.PutAsync(Tenant, Content, Stop);
        var bytes = await File.ReadAllBytesAsync(FileOf(stored.Digest), Stop);
        bytes[1000] ^= 1;
        await File.WriteAllBytesAsync(FileOf(stored.Digest), bytes, Stop);

        await IsDamaged(() => There.Store.ReadAllAsync(Tenant, stored.Digest, Stop));
        Assert.Empty(There.Temporary);

        await Blobs.PutAsync(Tenant, Content, Stop);
        Assert.Equal(Content, await There.Store.ReadAllAsync(Tenant, stored.Digest, Stop));
    }

    [Fact]
    public async Task Delete_StoredAgainSince_KeepsIt()
    {
        var stored = await Blobs.PutAsync(Tenant, Content, Stop);
        await There.Store.PutAsync(Tenant, Content, Stop);
        var now = await Here.Depot.Now(Stop);

        Assert.False(await Blobs.DeleteKept(Tenant, stored.Digest, stored.Kept, Stop));
        Assert.False(await Blobs.Delete(Tenant, stored.Digest, now - TimeSpan.FromMinutes(1), Stop));
        Assert.True(await Blobs.Delete(Tenant, stored.Digest, now + TimeSpan.FromSeconds(1), Stop));
        Assert.True(await Blobs.Delete(Tenant, stored.Digest, now, Stop));
        Assert.True(IsEmpty);
        await IsDamaged(() => Blobs.OpenAsync(Tenant, stored.Digest, Stop));
    }

    [Fact]
    public async Task Delete_UnderAReader_ItReadsOn()
    {
        var stored = await Blobs.PutAsync(Tenant, Content, Stop);
        await using var file = await Blobs.OpenAsync(Tenant, stored.Digest, Stop);

        Assert.True(await Blobs.DeleteKept(Tenant, stored.Digest, stored.Kept, Stop));

        var bytes = new byte[Content.Length];
        await file.ReadExactlyAsync(bytes, Stop);
        Assert.Equal(Content, bytes);
    }

    [Fact]
    public async Task Sweep_UnusedBlob_IsCondemnedFirstAndReadUntilItIsDeleted()
    {
        using var catalog = new TestCatalog();
        var collector = new TestCollector(catalog.Database, Blobs, Here.Depot);
        await catalog.Create("a", "one", TestCatalog.With(await Import(Content.AsMemory(0, 9))));
        var unused = await Blobs.PutAsync(Tenant, Content.AsMemory(0, 1), Stop);
        Assert.Equal(0, await collector.Sweep(TimeSpan.Zero));
        Assert.Empty(await Condemned());

        Assert.Equal(0, await collector.Sweep(TimeSpan.FromHours(1)));
        Assert.Equal([new(Tenant, unused.Digest)], await Condemned());
        Assert.Single(await There.Store.ReadAllAsync(Tenant, unused.Digest, Stop));
        Assert.Equal(0, await collector.Sweep(TimeSpan.FromHours(23)));
        Assert.Equal(1, await collector.Sweep(TimeSpan.FromHours(25)));

        Assert.Empty(await Condemned());
        await IsDamaged(() => Blobs.OpenAsync(Tenant, unused.Digest, Stop));
        Assert.Single(await All());
    }

    [Fact]
    public async Task Sweep_CondemnedBlobIsStoredAgainOrNamed_ItComesBack()
    {
        using var catalog = new TestCatalog();
        var collector = new TestCollector(catalog.Database, Blobs, Here.Depot);
        await catalog.Create("a", "one", TestCatalog.With(await Import(Content.AsMemory(0, 9))));
        await Blobs.PutAsync(Tenant, Content.AsMemory(0, 1), Stop);
        var named = await Import(Content.AsMemory(0, 2)) with { Id = "later" };
        Assert.Equal(0, await collector.Sweep(TimeSpan.FromHours(1)));
        Assert.Equal(2, (await Condemned()).Count);

        await catalog.Create("b", "two", TestCatalog.With(named));
        await Later();
        await There.Store.PutAsync(Tenant, Content.AsMemory(0, 1), Stop);
        Assert.Equal(0, await collector.Sweep(TimeSpan.FromHours(25)));

        Assert.Equal(3, (await All()).Count);
        Assert.Single(await Condemned());
        Assert.Equal(1, await collector.Sweep(TimeSpan.FromHours(50)));
    }

    /// <summary>Returns when what is stored from now on has a later time than every condemnation.</summary>
    private async Task Later()
    {
        var latest = await Here.Depot.Condemned(Stop).Select(c => c.Since).MaxAsync(cancellationToken: Stop);
        while (await Here.Depot.Now(Stop) <= latest)
            Stop.ThrowIfCancellationRequested();
    }

    private async Task<JobSpec> Import(ReadOnlyMemory<byte> archive) =>
        TestCatalog.Job("job") with
        {
            Import = new()
            {
                Kind = DatasetSourceKind.Upload,
                Blob = (await Blobs.PutAsync(Tenant, archive, Stop)).Digest,
            },
        };

    private async Task<IReadOnlyList<BlobAddress>> Condemned() =>
        await Here.Depot.Condemned(Stop).Select(c => c.Blob).ToListAsync(Stop);

    [Fact]
    public void ClearTemporary_LeftoversOfAnEarlierProcess_AreRemoved()
    {
        File.WriteAllText(Blobs.TemporaryPath(), "half");

        Blobs.ClearTemporary();

        Assert.Empty(Here.Temporary);
    }

    private protected async Task<IReadOnlyList<BlobAddress>> All() =>
        await Blobs.All(Stop).Select(stored => stored.Blob).ToListAsync(Stop);

    private protected static async Task IsDamaged(Func<Task> read) =>
        Assert.Equal(ErrorCodes.BlobDamaged, (await Assert.ThrowsAsync<ComodException>(read)).Code);

    private async Task RefusedAndNothingRemains((string, int) expected, Func<Task> put)
    {
        var refusal = await Assert.ThrowsAsync<ComodException>(put);

        Assert.Equal(expected, (refusal.Code, refusal.Status));
        Assert.Empty(Here.Temporary);
        Assert.True(IsEmpty);
    }

    private sealed class BreakingStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        ) =>
            Position > Length / 2
                ? throw new EndOfStreamException("The client went away.")
                : await base.ReadAsync(buffer, cancellationToken);
    }
}
