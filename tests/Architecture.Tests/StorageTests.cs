using System.Text.RegularExpressions;
using ComodCluster.Infrastructure;

namespace ComodCluster.Architecture.Tests;

/// <summary>Storage is the ground floor of the grains: every feature may use it, and it knows none.</summary>
public partial class StorageTests
{
    private static readonly string Grains = Repository.At("src/Grains");

    [Fact]
    public void StorageSources_NameNoRoomOfAFeature()
    {
        // Ids of log events and the shape of a loop are no feature.
        var rooms = Directory
            .EnumerateDirectories(Grains)
            .Select(Path.GetFileName)
            .Except(["Loops", "Storage", "Telemetry", "bin", "obj"])
            .ToArray();
        var sources = Directory
            .EnumerateFiles(Path.Combine(Grains, "Storage"), "*.cs", SearchOption.AllDirectories)
            .ToArray();
        Assert.Contains("Tasks", rooms);
        Assert.NotEmpty(sources);

        var offenders =
            from file in sources
            from Match name in Names().Matches(File.ReadAllText(file))
            where
                name.Groups["project"].Value is "Api" or "Contracts" or "Engine"
                || rooms.Contains(name.Groups["room"].Value)
            select $"{Path.GetRelativePath(Grains, file)}: {name.Value}";
        Assert.Empty(offenders);
    }

    // A room of another project, not a type at their roots: InputException, ComodException.
    [GeneratedRegex(
        @"\bComodCluster\.(?<project>Api|Contracts|Engine|Grains)\.(?<room>\w+)(?=[.;])|\b(?<project>Engine|Contracts)\.(?<room>\w+)\.(?=[A-Z])"
    )]
    private static partial Regex Names();
}
