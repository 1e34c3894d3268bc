using ComodCluster.Engine;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog.Sqlite;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Grains.Tests.Storage.Identity;

/// <summary>What is left of a data directory after a kill and a damage.</summary>
public sealed class KilledSqliteTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("log deleted", "catalog-behind")]
    [InlineData("log flipped", "catalog-behind")]
    [InlineData("last page of the log flipped", "catalog-behind")]
    [InlineData("file deleted", "catalog-behind")]
    [InlineData("file emptied", "catalog-behind")]
    [InlineData("both emptied", "catalog-behind")]
    [InlineData("page flipped", "catalog-damaged")]
    [InlineData("no database", "catalog-damaged")]
    [InlineData("nothing", null)]
    public async Task Open_AfterAKillAndADamage_IsRefusedBeforeAnythingIsTouched(string damage, string? code)
    {
        var killed = Path.Combine(_folder.Path, "killed");
        using (var silo = On(Path.Combine(_folder.Path, "data")))
            await silo.Write("folded-in");
        using (var silo = On(Path.Combine(_folder.Path, "data")))
        {
            await silo.Catalog.Open(Stop);
            await silo.Store(1);
            await silo.Write([.. Enumerable.Range(0, 40).Select(i => $"task-{i}")]);
            // Nothing beside the blobs has seen the writes when the process is killed.
            Copy(Path.Combine(_folder.Path, "data"), killed);
        }
        var (file, log) = (Path.Combine(killed, "catalog.db"), Path.Combine(killed, "catalog.db-wal"));
        switch (damage)
        {
            case "log deleted":
                File.Delete(log);
                break;
            case "log flipped":
                Flip(log, 100);
                break;
            case "last page of the log flipped":
                Flip(log, (int)new FileInfo(log).Length - 100);
                break;
            case "file deleted":
                File.Delete(file);
                break;
            case "file emptied":
                File.WriteAllBytes(file, []);
                break;
            case "both emptied":
                File.WriteAllBytes(file, []);
                File.WriteAllBytes(log, []);
                break;
            case "page flipped":
                File.Delete(log);
                // The header of the second page's tree.
                Flip(file, 4096);
                break;
            case "no database":
                File.WriteAllText(file, new string('x', 10_000));
                break;
        }
        using var again = On(killed);
        if (code is null)
        {
            await again.Catalog.Open(Stop);
            return;
        }
        var before = Contents(killed);

        Assert.Equal(code, (await Assert.ThrowsAsync<InputException>(() => again.Catalog.Open(Stop))).Code);

        if (damage.StartsWith("file", StringComparison.Ordinal))
            Assert.Equal(before, Contents(killed));
    }

    [Fact]
    public async Task FoldLog_AfterWrites_LeavesNothingInTheLogAlone()
    {
        using var silo = On(Path.Combine(_folder.Path, "data"));
        var file = Path.Combine(_folder.Path, "data", "catalog.db");
        await silo.Write([.. Enumerable.Range(0, 40).Select(i => $"task-{i}")]);
        Assert.InRange(new FileInfo(file).Length, 0, 8192);

        await silo.Catalog.FoldLog(Stop);

        var copy = Path.Combine(_folder.Path, "copy");
        Directory.CreateDirectory(copy);
        File.Copy(file, Path.Combine(copy, "catalog.db"));
        using var alone = On(copy, isMarked: false);
        // And the first one, which marked it.
        Assert.Equal(41, (await alone.Catalog.Writes(Stop)).Has);
    }

    private static MarkedSilo On(string folder, long? accepted = null, bool isMarked = true) =>
        new(
            folder,
            null,
            directory => new SqliteCatalog(directory),
            (directory, files) => new DirectoryDepot(directory, files),
            accepted,
            isMarked
        );

    private static void Flip(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static void Copy(string from, string to)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (Path.GetFileName(path) != "comod.lock")
                File.Copy(path, copy);
        }
    }

    private static (string, long)[] Contents(string folder) =>
        [
            .. Directory
                .GetFiles(folder, "catalog.db*")
                .Order(StringComparer.Ordinal)
                .Select(path => (path, new FileInfo(path).Length)),
        ];
}
