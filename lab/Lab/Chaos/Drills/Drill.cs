namespace ComodCluster.Lab.Chaos.Drills;

/// <summary>A disaster on silos of its own, with what must be true of them afterwards.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Run">Tells the report what it expects.</param>
/// <param name="NeedsRoot">It mounts disks.</param>
/// <param name="NeedsPostgres">It starts a cluster.</param>
internal sealed record Drill(
    string Name,
    string What,
    Func<DrillReport, CancellationToken, Task> Run,
    bool NeedsRoot = false,
    bool NeedsPostgres = false
);
