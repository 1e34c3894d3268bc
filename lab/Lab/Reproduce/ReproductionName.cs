namespace ComodCluster.Lab.Reproduce;

/// <summary>A name on the command line.</summary>
internal sealed record ReproductionName(string Name, string Summary, Func<ReproductionOptions, IReproduction> Create)
{
    /// <summary>Learns from images, so that the user may give others.</summary>
    public bool TakesData { get; init; }

    /// <summary>Compares arms, each with settings of its own.</summary>
    public bool TakesSettings { get; init; }

    /// <summary>Runs on the photos of <see cref="Lab.Photos.PhotoDomains"/>.</summary>
    public bool TakesPhotos { get; init; }
}
