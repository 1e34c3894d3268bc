namespace ComodCluster.Engine.Data.Images;

/// <summary>What an encoded image may be at most; checked before its pixels are decoded.</summary>
/// <param name="MaxEncodedBytes">Length of the file, in bytes.</param>
/// <param name="MaxPixels">Width times height as the file's header says.</param>
public sealed record ImageLimits(long MaxEncodedBytes = 20_000_000, long MaxPixels = 40_000_000)
{
    public static ImageLimits Default { get; } = new();
}
