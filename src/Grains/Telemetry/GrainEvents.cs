namespace ComodCluster.Grains.Telemetry;

/// <summary>
/// Ids of the log events of the grains and their storage: an id keeps its meaning and is never used for another.
/// </summary>
internal static class GrainEvents
{
    // Storage
    public const int BlobsSwept = 1001;

    // 1002, 1102, 1203 and 1302 were the failures of single loops.
    public const int BlobKept = 1003;
    public const int CatalogBehind = 1004;
    public const int BlobsHeldBack = 1005;
    public const int BlobsReleased = 1006;

    // Cluster
    public const int FormatUnreadable = 1101;

    // Workers
    public const int WorkerSilent = 1201;
    public const int JobsTakenOver = 1202;
    public const int WorkerNotTold = 1204;
    public const int WorkerDrained = 1205;
    public const int DrainedJobNotTaken = 1206;
    public const int ReopenedWorkerWaits = 1207;

    // Jobs
    public const int JobsTakenUp = 1301;
    public const int JobNotTakenUp = 1303;
    public const int JobNotDispatched = 1304;
    public const int JobRunLeft = 1305;
    public const int JobEndNotStored = 1306;
    public const int JobFailedUnexpectedly = 1307;
    public const int CheckpointNotStored = 1308;
    public const int CheckpointUnusable = 1309;
    public const int ProgressNotReported = 1310;
    public const int JobWorkerDied = 1311;

    // Tasks
    public const int ResultOutdated = 1401;

    // Loops
    public const int LoopFailed = 1501;
    public const int LoopGoesOn = 1502;

    // Backbones
    public const int BackboneReleased = 1601;

    // Retention
    public const int RowsPurged = 1701;
}
