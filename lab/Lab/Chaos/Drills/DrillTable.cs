namespace ComodCluster.Lab.Chaos.Drills;

/// <summary>The disasters of <c>chaos --scenario</c> that are not a fault under load.</summary>
internal static class DrillTable
{
    public static IReadOnlyList<Drill> All { get; } =
    [
        new("catalog-log-lost", "kill -9 of a silo, the log of its catalog deleted", CatalogDrills.LogLost),
        new("catalog-log-flipped", "kill -9 of a silo, a bit of the log flipped", CatalogDrills.LogFlipped),
        new("catalog-page-flipped", "a silo ends, a bit of its catalog flipped", CatalogDrills.PageFlipped),
        new("catalog-emptied", "kill -9 of a silo, its catalog emptied", CatalogDrills.Emptied),
        new(
            "database-of-yesterday",
            "all silos killed, PostgreSQL restored from an earlier dump, silos started again",
            DatabaseDrills.OfYesterday,
            NeedsPostgres: true
        ),
        new(
            "failover-lost-commits",
            "kill -9 of PostgreSQL under the cluster, which goes on with an earlier copy of its data directory",
            DatabaseDrills.FailedOver,
            NeedsPostgres: true
        ),
        new("data-full", "the disk of an embedded silo full for 15 s", DiskDrills.DataFull, NeedsRoot: true),
        new(
            "temporary-full",
            "the disk of the folder temporary full for 15 s",
            DiskDrills.TemporaryFull,
            NeedsRoot: true
        ),
        new(
            "large-bodies",
            "predictions of 114 MB, one and ten at once, then 30 of 95 MB at once",
            BodyDrill.Run,
            NeedsPostgres: true
        ),
        new("deadly-job", "kill -9 of a silo whenever a job is at its work", DeathDrill.Run),
    ];
}
