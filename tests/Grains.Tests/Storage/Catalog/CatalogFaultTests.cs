using System.Data.Common;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Storage.Catalog;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ComodCluster.Grains.Tests.Storage.Catalog;

/// <summary>
/// The catalog on a disk without room, and on one that cannot be written: SQLite's own limits stand in for the disk's.
/// </summary>
public class CatalogFaultTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_DiskFull_IsStorageFullAndGoesOnOnceThereIsRoom()
    {
        var disk = new Disk();
        using var catalog = new TestCatalog(disk);
        var stored = await catalog.Create("a", "one");
        disk.Setting = "PRAGMA max_page_count = 1"; // SQLite takes the present size as the smallest limit

        var refusal = await Assert.ThrowsAsync<ComodException>(() =>
            stored.Save(stored.Value! with { Reason = new string('x', 1_000_000) }, AlongWrite.Nothing, Stop)
        );

        Assert.Equal((ErrorCodes.StorageFull, 507), (refusal.Code, refusal.Status));
        Assert.Null(stored.Value!.Reason);
        disk.Setting = "PRAGMA max_page_count = 1000000";
        await stored.Save(stored.Value with { Reason = new string('x', 1_000_000) }, AlongWrite.Nothing, Stop);
    }

    [Fact]
    public async Task Write_ReadOnlyDisk_IsStorageUnavailableAndReadsGoOn()
    {
        var disk = new Disk();
        using var catalog = new TestCatalog(disk);
        var stored = await catalog.Create("a", "one");
        disk.Setting = "PRAGMA query_only = 1";

        var refusal = await Assert.ThrowsAsync<ComodException>(() =>
            stored.Save(stored.Value! with { Reason = "r" }, AlongWrite.Nothing, Stop)
        );

        Assert.Equal((ErrorCodes.StorageUnavailable, 503), (refusal.Code, refusal.Status));
        Assert.Equal("a", await catalog.Reader.FindUid(ObjectKind.Dataset, TestCatalog.Tenant, "one", Stop));
        disk.Setting = "PRAGMA query_only = 0";
        await stored.Save(stored.Value! with { Reason = "r" }, AlongWrite.Nothing, Stop);
    }

    [Fact]
    public async Task Open_FileThatIsNoCatalog_IsRefusedWithAFix()
    {
        using var catalog = new TestCatalog();
        await File.WriteAllBytesAsync(
            catalog.Directory.Catalog,
            [.. Enumerable.Range(0, 8192).Select(i => (byte)(i * 31))],
            Stop
        );

        var refusal = await Assert.ThrowsAsync<InputException>(() => catalog.Database.Open(Stop));

        Assert.Equal("catalog-damaged", refusal.Code);
        Assert.Contains("comod restore", refusal.Message, StringComparison.Ordinal);
    }

    private sealed class Disk : DbConnectionInterceptor
    {
        public string Setting { get; set; } = "PRAGMA query_only = 0";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Setting;
            command.ExecuteNonQuery();
        }

        public override Task ConnectionOpenedAsync(
            DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }
    }
}
