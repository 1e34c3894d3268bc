namespace ComodCluster.Infrastructure;

/// <summary>The working tree that this program was built in.</summary>
public static class Repository
{
    /// <exception cref="InvalidOperationException">The program runs from elsewhere.</exception>
    public static string Root { get; } = Find();

    /// <param name="path">With slashes.</param>
    public static string At(string path) => Path.Combine([Root, .. path.Split('/')]);

    /// <summary>Files of a folder, without what was built.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory
            .EnumerateFiles(At(folder), pattern, SearchOption.AllDirectories)
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    private static string Find()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "ComodCluster.sln")))
            at = at.Parent;
        return at?.FullName
            ?? throw new InvalidOperationException(
                $"{AppContext.BaseDirectory} is in no clone of the repository: run the program where it was built."
            );
    }
}
