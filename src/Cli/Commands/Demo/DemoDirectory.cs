namespace ComodCluster.Cli.Commands.Demo;

/// <summary>The demo's data directory: a temporary one that goes with it, or one that the user keeps.</summary>
internal sealed class DemoDirectory : IDisposable
{
    private readonly bool _temporary;

    private DemoDirectory(string path, bool temporary)
    {
        Path = path;
        _temporary = temporary;
    }

    public string Path { get; }

    /// <exception cref="UsageException">The directory to keep holds something already.</exception>
    public static DemoDirectory Create(DirectoryInfo? keep)
    {
        if (keep is null)
            return new(Directory.CreateTempSubdirectory("comod-demo-").FullName, temporary: true);
        if (keep.Exists && keep.EnumerateFileSystemInfos().Any())
            throw new UsageException(
                $"{keep.FullName} is not empty: give --data-dir a new directory, or leave it out."
            );
        keep.Create();
        return new(keep.FullName, temporary: false);
    }

    public void Dispose()
    {
        if (!_temporary)
            return;
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left lies in the system's temporary folder.
        }
    }
}
