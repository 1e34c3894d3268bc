using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Blobs.S3;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.Infrastructure.Servers;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Grains.Tests.Storage.Identity;

/// <summary>The blobs and the mark in a bucket.</summary>
public sealed class LostBucketTests(S3Fixture s3) : LostSqliteTests
{
    private LocalS3 _server = null!;
    private string _prefix = "";

    public override async ValueTask InitializeAsync()
    {
        _server = await s3.Server;
        _prefix = _server.NewPrefix();
    }

    private protected override IBlobDepot Depot(DataDirectory directory, IBlobFiles files) =>
        new S3Depot(
            _prefix,
            new()
            {
                Endpoint = _server.Endpoint,
                AccessKey = LocalS3.AccessKey,
                SecretKey = LocalS3.SecretKey,
            },
            directory,
            files,
            TimeProvider.System
        );
}
