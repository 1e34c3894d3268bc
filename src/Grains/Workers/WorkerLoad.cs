namespace ComodCluster.Grains.Workers;

/// <summary>A worker that may be chosen.</summary>
/// <param name="Name">Name of the silo; ranks it for an affinity.</param>
/// <param name="Tasks">Task grains that it holds.</param>
/// <param name="BacklogSeconds">Device-seconds of accepted work.</param>
internal readonly record struct WorkerLoad(string Name, int Tasks, double BacklogSeconds);
