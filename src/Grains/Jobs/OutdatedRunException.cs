namespace ComodCluster.Grains.Jobs;

/// <summary>A later run of the same job has taken over; this one changes nothing any more.</summary>
internal sealed class OutdatedRunException() : Exception("A later run of the job has taken over.");
