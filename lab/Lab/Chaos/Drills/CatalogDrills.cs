using ComodCluster.Api.Backups;
using ComodCluster.Cli.Silos;
using ComodCluster.Infrastructure.Linux;

namespace ComodCluster.Lab.Chaos.Drills;

/// <summary>A silo is killed and its SQLite files are damaged.</summary>
internal static class CatalogDrills
{
    /// <summary>Words of the two refusals.</summary>
    private const string Behind = "--accept-lost-writes",
        Damage = "is damaged";

    public static Task LogLost(DrillReport report, CancellationToken stop) =>
        Damaged(report, data => File.Delete(Log(data)), Behind, stop);

    public static Task LogFlipped(DrillReport report, CancellationToken stop) =>
        // In a frame of the log that holds what the last transactions wrote.
        Damaged(report, data => Flip(Log(data), at: 100), Behind, stop);

    public static Task PageFlipped(DrillReport report, CancellationToken stop) =>
        // The header of the second page's tree.
        Damaged(report, data => Flip(Catalog(data), at: 4096), Damage, stop, isFolded: true);

    public static Task Emptied(DrillReport report, CancellationToken stop) =>
        Damaged(report, data => File.WriteAllBytes(Catalog(data), []), Behind, stop);

    /// <param name="refusal">Words of it.</param>
    /// <param name="isFolded">The silo ends cleanly, so that its log is in the catalog.</param>
    private static async Task Damaged(
        DrillReport report,
        Action<string> damage,
        string refusal,
        CancellationToken stop,
        bool isFolded = false
    )
    {
        await using var silo = new EmbeddedSilo();
        var (blobs, backup) = (Path.Combine(silo.Data, "blobs"), silo.DataOf("backup"));
        ChaosWorld world;
        IReadOnlyList<string> acknowledged;
        using (var client = await silo.Bring(stop))
        {
            world = await ChaosWorld.Make(client.Address, stop);
            await client.Adapted("before", world, stop);
            acknowledged = await Inventory.Of(client, world, stop);
            await foreach (var _ in client.Backups.Run(new BackupRequest { Directory = backup }, stop)) { }
            await client.Adapted("after", world, stop);
            if (isFolded)
                await silo.Terminate("silo");
            else
                await silo.Kill();
        }
        Inventory.Age(blobs);
        var stored = Inventory.OfBlobs(blobs);
        damage(silo.Data);

        var refused = await silo.Refusal(stop);
        report.Expect(
            refused?.Contains(refusal, StringComparison.Ordinal) == true,
            $"the restart is refused: {refused ?? "it starts"}"
        );
        report.ExpectAll(stored, Inventory.OfBlobs(blobs), "no blob was deleted");
        report.Expect(Inventory.Condemned(blobs) == 0, "no blob was condemned");

        await Restore(backup, silo.DataOf("restored"));
        using var restored = await silo.Bring("restored", stop);
        report.ExpectAll(
            acknowledged,
            await Inventory.Of(restored, world, stop),
            "comod restore brings what was acknowledged before the backup, and the same answers"
        );
    }

    private static string Catalog(string data) => Path.Combine(data, "catalog.db");

    private static string Log(string data) => Path.Combine(data, "catalog.db-wal");

    private static void Flip(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static Task Restore(string backup, string data)
    {
        var restore = SiloProcess.Invocation(
            new SiloSettings { DataDirectory = data, Parent = null },
            "restore",
            backup
        );
        return ShellCommand.Run([restore.FileName, .. restore.ArgumentList]);
    }
}
