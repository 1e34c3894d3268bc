using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Blobs.S3;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.Infrastructure.Servers;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Grains.Tests.Storage.Blobs;

public sealed class S3BlobTests(S3Fixture s3) : BlobCompliance
{
    private LocalS3 _server = null!;
    private string _prefix = "";

    private protected override bool IsEmpty =>
        _server.Keys(_prefix).All(key => key.StartsWith("comod-", StringComparison.Ordinal));

    private protected override async Task<(
        string? Shared,
        Func<DataDirectory, IBlobFiles, IBlobDepot> Depot
    )> NewPlace()
    {
        _server = await s3.Server;
        _prefix = _server.NewPrefix();
        return (null, (directory, files) => Depot(_server, _prefix, directory, files));
    }

    private protected override string FileOf(string digest) => _server.FileOf(_prefix, $"{Tenant}/{digest}");

    [Fact]
    public async Task Verify_UsableBucket_LeavesItsMarkerAndNoBlob()
    {
        await Here.Depot.Verify(Stop);

        Assert.Equal(["comod-blobs"], _server.Keys(_prefix));
        Assert.Empty(await All());
    }

    [Theory]
    [InlineData("s3://nobody/p", null, null, "There is no bucket 'nobody'")]
    [InlineData("s3://blobs/p", null, "guessed-secret", "refused (SignatureDoesNotMatch)")]
    [InlineData("s3://blobs/p", "unknown-key", null, "refused (InvalidAccessKeyId)")]
    public async Task Verify_BucketThatCannotBeUsed_SaysWhatToCorrectAndNoKey(
        string blobs,
        string? key,
        string? secret,
        string expected
    )
    {
        var options = new S3Options
        {
            Endpoint = _server.Endpoint,
            AccessKey = key ?? LocalS3.AccessKey,
            SecretKey = secret ?? LocalS3.SecretKey,
        };

        var refusal = await Refusal(blobs, options);

        Assert.Equal((ErrorCodes.StorageUnavailable, 503), (refusal.Code, refusal.Status));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_server.Endpoint, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(options.AccessKey, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(options.SecretKey, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_NobodyListens_SaysWhere()
    {
        var refusal = await Refusal(
            _prefix,
            new S3Options
            {
                Endpoint = "http://127.0.0.1:1",
                AccessKey = "a",
                SecretKey = "b",
            }
        );

        Assert.Equal(ErrorCodes.StorageUnavailable, refusal.Code);
        Assert.StartsWith(
            "http://127.0.0.1:1 cannot be reached; check Comod:S3:Endpoint",
            refusal.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Server_AwayAndBack_PutsAreRefusedCopiesAreReadAndAllGoesOn()
    {
        await using var server = await TestServers.S3();
        using var blobs = Silo("own", server);
        var read = await blobs.Store.PutAsync(Tenant, Content, Stop);
        var large = new byte[17 << 20];

        await server.Stop();

        foreach (var content in new[] { Content[1..], large })
        {
            var refusal = await Assert.ThrowsAsync<ComodException>(() => blobs.Store.PutAsync(Tenant, content, Stop));
            Assert.Equal((ErrorCodes.StorageUnavailable, 503), (refusal.Code, refusal.Status));
        }
        Assert.Empty(blobs.Temporary);
        Assert.Equal(Content, await blobs.Store.ReadAllAsync(Tenant, read.Digest, Stop));
        Assert.Equal(
            ErrorCodes.StorageUnavailable,
            (
                await Assert.ThrowsAsync<ComodException>(() => blobs.Store.OpenAsync(Tenant, new string('a', 64), Stop))
            ).Code
        );

        await server.Start();
        Assert.Equal([new(Tenant, read.Digest)], await blobs.Store.All(Stop).Select(s => s.Blob).ToListAsync(Stop));
        await blobs.Store.PutAsync(Tenant, large, Stop);
    }

    [Fact]
    public async Task Keep_DeletedSinceItsPartsWereSent_MustBeginAgain()
    {
        var large = new byte[17 << 20];
        var stored = await Blobs.PutAsync(Tenant, large, Stop);
        var blob = new BlobAddress(Tenant, stored.Digest);
        var path = There.Store.TemporaryPath();
        await File.WriteAllBytesAsync(path, large, Stop);

        await There.Depot.Stage(blob, path, large.Length, Stop);
        Assert.True(await Blobs.DeleteKept(Tenant, stored.Digest, stored.Kept, Stop));

        Assert.Null(await There.Depot.Keep(blob, path, large.Length, Stop));
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task Copies_MoreThanTheBudget_TheLeastRecentlyUsedGo()
    {
        using var blobs = Silo("small", _server, new() { CacheBytes = 2 * Content.Length });
        var digests = new List<string>();
        for (var i = 0; i < 2; i++)
            digests.Add((await blobs.Store.PutAsync(Tenant, Content.AsMemory(i), Stop)).Digest);
        await using var reader = await blobs.Store.OpenAsync(Tenant, digests[0], Stop);
        digests.Add((await blobs.Store.PutAsync(Tenant, Content.AsMemory(2), Stop)).Digest);

        Assert.Equal(new[] { digests[0], digests[2] }.Order(), blobs.Copies.Select(c => Path.GetFileName(c)!).Order());
        Assert.Equal(Content[1..], await blobs.Store.ReadAllAsync(Tenant, digests[1], Stop));
    }

    [Fact]
    public async Task Copies_NoBudget_BlobsAreReadAndNothingStays()
    {
        var stored = await Blobs.PutAsync(Tenant, Content, Stop);
        using var blobs = Silo("none", _server, new() { CacheBytes = 0 });

        Assert.Equal(Content, await blobs.Store.ReadAllAsync(Tenant, stored.Digest, Stop));
        Assert.Empty(blobs.Copies);
        Assert.Empty(blobs.Temporary);
    }

    [Fact]
    public async Task Copies_DamagedWhileInUse_AreFetchedAgain()
    {
        var stored = await Blobs.PutAsync(Tenant, Content, Stop);
        await File.WriteAllTextAsync(Assert.Single(Here.Copies), "damaged", Stop);

        Assert.Equal(Content, await Blobs.ReadAllAsync(Tenant, stored.Digest, Stop));
    }

    [Fact]
    public async Task Copies_OfAnEarlierProcess_AreBelievedOnceTheirBytesFit()
    {
        string whole,
            torn;
        using (var before = Silo("restarted", _server))
        {
            whole = (await before.Store.PutAsync(Tenant, Content, Stop)).Digest;
            torn = (await before.Store.PutAsync(Tenant, Content.AsMemory(1), Stop)).Digest;
            await File.WriteAllTextAsync(before.Copies.Single(c => Path.GetFileName(c) == torn), "torn", Stop);
        }
        File.Delete(FileOf(whole));
        using var after = Silo("restarted", _server);

        await using var copy = await after.Store.OpenAsync(Tenant, whole, Stop);
        await using var fetched = await after.Store.OpenAsync(Tenant, torn, Stop);

        Assert.Equal((Content.Length, Content.Length - 1), (copy.Length, fetched.Length));
        Assert.Equal(Content[0], copy.ReadByte());
    }

    [Theory]
    [InlineData("gs://bucket", null, "Blobs")]
    [InlineData("s3://", null, "Blobs")]
    [InlineData("s3://Bucket/p", null, "Blobs")]
    [InlineData("s3://bucket/a//b", null, "Blobs")]
    [InlineData("s3://bucket/../b", null, "Blobs")]
    [InlineData("s3://bucket/p", "127.0.0.1:9000", "S3:Endpoint")]
    [InlineData("s3://bucket/p", "http://key:secret@127.0.0.1:9000", "S3:Endpoint")]
    [InlineData("s3://bucket/p", "http://127.0.0.1:9000/path", "S3:Endpoint")]
    [InlineData("/mnt/blobs", "http://127.0.0.1:9000", "S3")]
    [InlineData(null, "http://127.0.0.1:9000", "S3")]
    [InlineData("s3://bucket", "http://127.0.0.1:9000", null)]
    [InlineData("s3://bucket/a/b.c/", null, null)]
    [InlineData("/mnt/blobs", null, null)]
    [InlineData(null, null, null)]
    public void Problem_Settings_NamesTheOneThatCannotBeUsed(string? blobs, string? endpoint, string? expected) =>
        Assert.Equal(
            expected,
            new S3Options { Endpoint = endpoint }
                .Problem(blobs)
                ?.Key
        );

    [Fact]
    public void Problem_HalfAPairOfKeys_NamesTheOther()
    {
        Assert.Equal(
            "S3:SecretKey",
            new S3Options { AccessKey = "a" }
                .Problem(_prefix)
                ?.Key
        );
        Assert.Equal(
            "S3:AccessKey",
            new S3Options { SecretKey = "s" }
                .Problem(_prefix)
                ?.Key
        );
    }

    private static S3Depot Depot(
        LocalS3 server,
        string blobs,
        DataDirectory directory,
        IBlobFiles files,
        S3Options? options = null
    ) =>
        new(
            blobs,
            new()
            {
                Endpoint = server.Endpoint,
                AccessKey = LocalS3.AccessKey,
                SecretKey = LocalS3.SecretKey,
                CacheBytes = (options ?? new()).CacheBytes,
            },
            directory,
            files,
            TimeProvider.System
        );

    private TestBlobs Silo(string name, LocalS3 server, S3Options? options = null) =>
        new(
            Path.Combine(Folder.Path, name),
            null,
            (directory, files) => Depot(server, _prefix, directory, files, options),
            new ProcessBlobLocks()
        );

    private async Task<ComodException> Refusal(string blobs, S3Options options)
    {
        using var silo = new TestBlobs(
            Path.Combine(Folder.Path, "refused"),
            null,
            (directory, files) => new S3Depot(blobs, options, directory, files, Time),
            new ProcessBlobLocks()
        );
        return await Assert.ThrowsAsync<ComodException>(() => silo.Depot.Verify(Stop));
    }
}
