namespace ComodCluster.Lab.Photos;

/// <summary>
/// A public set of photos: where it is, and which of its files are used. The photos are no part of this repository.
/// </summary>
/// <param name="Repository">Owner and name on GitHub.</param>
/// <param name="Commit">The commit whose photos <see cref="Digest"/> is of.</param>
/// <param name="Licence">As the repository states it.</param>
/// <param name="Origin">Who made the photos, where the repository is a copy.</param>
/// <param name="Train">Photos of each class that examples are drawn from.</param>
/// <param name="Test">Photos of each class to test on.</param>
/// <param name="Digest">Digest of <see cref="PhotoList"/>.</param>
internal sealed record PhotoDomain(
    string Name,
    string What,
    PhotoRole Role,
    string Repository,
    string Commit,
    string Licence,
    string Origin,
    int Train,
    int Test,
    string Digest,
    IReadOnlyList<PhotoClass> Classes
)
{
    private static readonly string[] s_endings = [".jpg", ".jpeg", ".png"];

    /// <summary>Endings of photos, in lower case; other files are something else.</summary>
    public IReadOnlyList<string> Endings { get; init; } = s_endings;

    /// <summary>Numbers of classes of its tasks.</summary>
    public required IReadOnlyList<int> Sizes { get; init; }

    /// <summary>Name of its archive.</summary>
    public string File => $"{Name}.zip";
}
