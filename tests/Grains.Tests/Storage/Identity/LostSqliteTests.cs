using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog.Sqlite;
using ComodCluster.Grains.Storage.Disk;

namespace ComodCluster.Grains.Tests.Storage.Identity;

public class LostSqliteTests : LostCatalogCompliance
{
    private string Data => Path.Combine(Folder.Path, "data");

    private string CatalogFile => Path.Combine(Data, "catalog.db");

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    private protected override MarkedSilo Silo(long? accepted = null, bool isMarked = true) =>
        new(Data, null, directory => new SqliteCatalog(directory), Depot, accepted, isMarked);

    private protected override Task<string> Save()
    {
        var saved = Path.Combine(Folder.Path, Guid.NewGuid().ToString("n"));
        File.Copy(CatalogFile, saved);
        return Task.FromResult(saved);
    }

    private protected override Task Restore(string? saved)
    {
        foreach (var file in Directory.GetFiles(Data, "catalog.db*"))
            File.Delete(file);
        if (saved is not null)
            File.Copy(saved, CatalogFile);
        return Task.CompletedTask;
    }

    private protected virtual IBlobDepot Depot(DataDirectory directory, IBlobFiles files) =>
        new DirectoryDepot(directory, files);
}
