namespace ComodCluster.Grains.Jobs;

/// <summary>What the jobs of one silo ask of it.</summary>
/// <param name="Running">Jobs that have a slot.</param>
/// <param name="Waiting">Jobs that wait for one.</param>
/// <param name="BacklogSeconds">Device-seconds until all are done, estimated.</param>
/// <param name="SecondsPerJob">Mean of the latest; null before the first.</param>
/// <param name="Ended">Jobs that ended here, well or badly.</param>
/// <param name="HasRoom">An adaptation could begin at once.</param>
internal readonly record struct JobLoad(
    int Running,
    int Waiting,
    double BacklogSeconds,
    double? SecondsPerJob,
    int Ended,
    bool HasRoom
);
