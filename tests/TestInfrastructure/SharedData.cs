namespace ComodCluster.TestInfrastructure;

/// <summary>
/// Real images that are no part of the repository: the folder <c>shared/data</c> beside it, or the one that
/// COMOD_SHARED_DATA names.
/// </summary>
public static class SharedData
{
    /// <summary>Full path of a file, or null where it is missing.</summary>
    public static string? Find(string name)
    {
        if (Environment.GetEnvironmentVariable("COMOD_SHARED_DATA") is { Length: > 0 } folder)
            return Existing(System.IO.Path.Combine(folder, name));
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            if (Existing(System.IO.Path.Combine(above.FullName, "shared", "data", name)) is { } path)
                return path;
        }
        return null;
    }

    /// <summary>Full path of a file; where it is missing the calling test is skipped, or fails if CI=true.</summary>
    public static string Path(string name)
    {
        if (Find(name) is { } path)
            return path;
        throw Missing.Of(
            $"{name} is not in a folder shared/data beside the repository; set COMOD_SHARED_DATA to the folder that "
                + $"has it."
        );
    }

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
