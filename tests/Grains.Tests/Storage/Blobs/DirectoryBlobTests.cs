using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Disk;

namespace ComodCluster.Grains.Tests.Storage.Blobs;

public sealed class DirectoryBlobTests : BlobCompliance
{
    private string Shared => Path.Combine(Folder.Path, "blobs");

    private protected override bool IsEmpty => !Stored().Any();

    private protected override Task<(string? Shared, Func<DataDirectory, IBlobFiles, IBlobDepot> Depot)> NewPlace() =>
        Task.FromResult<(string?, Func<DataDirectory, IBlobFiles, IBlobDepot>)>(
            (Shared, (directory, files) => new DirectoryDepot(directory, files))
        );

    private protected override string FileOf(string digest) => Path.Combine(Shared, Tenant.Value, digest[..2], digest);

    [Fact]
    public async Task All_Blob_HasTheTimeOfTheFileSystem()
    {
        var before = await Here.Depot.Now(Stop);
        var stored = await Blobs.PutAsync(Tenant, Content, Stop);

        var listed = await There.Store.All(Stop).SingleAsync(Stop);

        Assert.Equal((new BlobAddress(Tenant, stored.Digest), Content.Length), (listed.Blob, listed.Length));
        Assert.InRange(listed.Written, before, await There.Depot.Now(Stop));
        Assert.Equal([FileOf(stored.Digest)], Stored());
    }

    private IEnumerable<string> Stored() =>
        Directory.Exists(Path.Combine(Shared, Tenant.Value))
            ? Directory.EnumerateFiles(Path.Combine(Shared, Tenant.Value), "*", SearchOption.AllDirectories)
            : [];
}
