namespace ComodCluster.Engine.Data.Images;

/// <summary>One number per colour channel.</summary>
public readonly record struct ChannelValues(float R, float G, float B)
{
    /// <param name="channel">0 red, 1 green, 2 blue.</param>
    public float this[int channel] =>
        channel switch
        {
            0 => R,
            1 => G,
            2 => B,
            _ => throw new ArgumentOutOfRangeException(nameof(channel)),
        };
}
