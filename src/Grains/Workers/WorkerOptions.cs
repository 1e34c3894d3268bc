namespace ComodCluster.Grains.Workers;

/// <summary>What one worker takes on.</summary>
public sealed class WorkerOptions
{
    /// <summary>
    /// Adaptations that run at once; further ones wait, and an idle worker takes them over. A few fill a batch; many slow each other's results down.
    /// </summary>
    public int AdaptationsAtOnce { get; set; } = 32;
}
