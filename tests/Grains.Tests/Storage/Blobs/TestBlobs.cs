using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Blobs.S3;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.Grains.Tests.Storage.Disk;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Grains.Tests.Storage.Blobs;

/// <summary>The blobs as one silo sees them: a data directory of its own, a disk that fails on demand.</summary>
internal sealed class TestBlobs : IDisposable
{
    private readonly DataDirectory _directory;

    /// <param name="folder">Folder of the data directory.</param>
    /// <param name="shared">The directory of the blobs; null: none.</param>
    public TestBlobs(string folder, string? shared, Func<DataDirectory, IBlobFiles, IBlobDepot> depot, IBlobLocks locks)
    {
        _directory = new DataDirectory(folder, shared);
        Depot = depot(_directory, Files);
        Store = new BlobStore(_directory, Files, Depot, locks);
    }

    public FaultyFiles Files { get; } = new();

    public IBlobDepot Depot { get; }

    public BlobStore Store { get; }

    public IReadOnlyList<string> Temporary => Directory.GetFiles(_directory.Temporary);

    /// <summary>Full paths of the copies that are kept on this machine.</summary>
    public IReadOnlyList<string> Copies =>
        Directory.Exists(_directory.BlobCache)
            ? Directory.GetFiles(_directory.BlobCache, "*", SearchOption.AllDirectories)
            : [];

    public void Dispose()
    {
        (Depot as IDisposable)?.Dispose();
        _directory.Dispose();
    }
}
