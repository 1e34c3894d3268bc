using ComodCluster.TestInfrastructure;

namespace ComodCluster.Docs.Tests.Running;

internal static class Programs
{
    /// <summary>Where the built <c>comod</c> and the sample lie.</summary>
    public static string Built => AppContext.BaseDirectory;

    /// <summary>The built programs come first.</summary>
    public static string SearchPath => $"{Built}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";

    /// <summary>Where the program is missing the calling test is skipped, or fails if CI=true.</summary>
    public static void Require(string name)
    {
        if (SearchPath.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name))))
            return;
        throw Missing.Of($"{name} is not installed; install Debian's package {name}.");
    }
}
