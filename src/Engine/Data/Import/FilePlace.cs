namespace ComodCluster.Engine.Data.Import;

/// <summary>A file below some folder.</summary>
/// <param name="Path">The whole path.</param>
/// <param name="At">Where the path below that folder begins.</param>
internal readonly record struct FilePlace(string Path, int At)
{
    /// <summary>Whether it lies in the folder itself.</summary>
    public bool IsDirect => Path.IndexOf('/', At) < 0;

    /// <summary>The folder below that it lies in; only where it is not direct.</summary>
    public string Folder => Path[At..Path.IndexOf('/', At)];

    /// <summary>The same file as seen from <see cref="Folder"/>.</summary>
    public FilePlace Below => this with { At = Path.IndexOf('/', At) + 1 };
}
