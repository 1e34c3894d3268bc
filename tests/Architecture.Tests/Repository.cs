namespace ComodCluster.Architecture.Tests;

/// <summary>The working tree that the tests look at.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <param name="path">With slashes.</param>
    public static string At(string path) => Path.Combine([Root, .. path.Split('/')]);

    /// <summary>Files of a folder, without what was built.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(At(folder), pattern, SearchOption.AllDirectories)
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    private static string FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "ComodCluster.sln"))) at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("The tests run from inside the repository.");
    }
}
