namespace ComodCluster.Grains.Tasks;

/// <summary>What one worker adapts.</summary>
public sealed class AdaptationOptions
{
    /// <summary>
    /// Adaptations that run at once; further ones wait, and an idle worker takes them over. A few fill a batch; many
    /// slow each other's results down.
    /// </summary>
    public int AtOnce { get; set; } = 32;
}
