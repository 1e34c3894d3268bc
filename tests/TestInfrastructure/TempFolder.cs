namespace ComodCluster.TestInfrastructure;

/// <summary>An empty folder that goes away with the test.</summary>
public sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("comod-test-");

    public string Path => _folder.FullName;

    /// <summary>A path inside; folders on the way are created.</summary>
    public string File(string relative)
    {
        var path = System.IO.Path.Combine(Path, relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Names of everything inside, relative, with forward slashes.</summary>
    public IReadOnlyList<string> Files() =>
        [
            .. _folder
                .EnumerateFiles("*", SearchOption.AllDirectories)
                .Select(f => System.IO.Path.GetRelativePath(Path, f.FullName).Replace('\\', '/'))
                .Order(),
        ];

    public void Dispose()
    {
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }
}
