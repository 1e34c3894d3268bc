using ComodCluster.Engine.Data.Images;

namespace ComodCluster.Engine.Data.Import;

/// <summary>How a data set is imported.</summary>
public sealed record ImportOptions
{
    public ArchiveLimits Archive { get; init; } = ArchiveLimits.Default;

    public ImageLimits Image { get; init; } = ImageLimits.Default;

    /// <summary>Where the images come from, in words; stored in the manifest.</summary>
    public string Source { get; init; } = "upload";

    /// <summary>Chooses the held-out images where the source has no test part.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Share of each class that is held out where the source has no test part; at least one image, never all.
    /// </summary>
    public double TestFraction { get; init; } = 0.2;

    public int MaxClasses { get; init; } = 1_000;

    public int MaxAttributes { get; init; } = 256;
}
