using System.Reflection;

namespace ComodCluster.Cli.Silos;

/// <summary>
/// Where the silo's assembly lies: <c>silo/</c> beside a published client, else the output of the same build.
/// </summary>
internal static class SiloLocation
{
    private const string Assembly = "comod-silo.dll";

    /// <exception cref="SiloException">There is none.</exception>
    public static string Find()
    {
        var published = Path.Combine(AppContext.BaseDirectory, "silo", Assembly);
        if (File.Exists(published))
            return published;
        var output = typeof(SiloLocation)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(entry => entry.Key == "SiloOutput")
            .Value!;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, output);
            if (File.Exists(built))
                return built;
        }
        throw new SiloException(
            "silo-missing",
            $"There is no silo to start: neither {published} nor a build of src/Silo; build the solution, publish "
                + $"the silo into that folder, or give --address."
        );
    }
}
