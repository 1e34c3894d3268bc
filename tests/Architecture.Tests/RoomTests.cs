using System.Text.RegularExpressions;
using ComodCluster.Infrastructure;

namespace ComodCluster.Architecture.Tests;

/// <summary>Rooms of the engine need each other one way (docs/architecture.md#rooms).</summary>
public partial class RoomTests
{
    private const string Engine = "ComodCluster.Engine";

    private static readonly (string Path, string Room)[] s_sources =
    [
        .. Repository
            .Files("src/Engine", "*.cs")
            .Select(f =>
                (f, Path.GetRelativePath(Repository.At("src/Engine"), Path.GetDirectoryName(f)!).Replace('/', '.'))
            ),
    ];

    [Fact]
    public void Namespaces_AreFolders() =>
        Assert.All(
            s_sources,
            s =>
                Assert.Contains(
                    $"\nnamespace {(s.Room == "." ? Engine : $"{Engine}.{s.Room}")};\n",
                    $"\n{File.ReadAllText(s.Path)}",
                    StringComparison.Ordinal
                )
        );

    [Fact]
    public void Files_HaveOneTypeAndItsName() =>
        Assert.All(
            s_sources,
            s =>
            {
                var name = Path.GetFileNameWithoutExtension(s.Path);
                Assert.Equal([name], TypeOf().Matches(File.ReadAllText(s.Path)).Select(m => m.Groups["name"].Value));
            }
        );

    [Fact]
    public void Rooms_NeedEachOtherOneWay()
    {
        var needs = s_sources
            .Where(s => s.Room != ".")
            .SelectMany(s => Used(s.Path).Select(used => (s.Room, Used: used)))
            .Distinct()
            .ToLookup(n => n.Room, n => n.Used);
        Assert.True(needs.Count >= 10, "too few rooms need others: the sources are not read");
        foreach (var room in needs.Select(n => n.Key))
            Walk([room]);

        void Walk(string[] way)
        {
            foreach (var next in needs[way[^1]])
            {
                Assert.False(way.Contains(next), $"{string.Join(" needs ", way)} needs {next}");
                Walk([.. way, next]);
            }
        }
    }

    [Fact]
    public void Execution_KnowsNeitherTrialsNorPlans() =>
        Assert.DoesNotContain(
            s_sources.Where(s => s.Room == "Execution").SelectMany(s => Used(s.Path)),
            used => used is "Trials" or "Planning"
        );

    /// <summary>The facade knows every room and no room knows it.</summary>
    [Fact]
    public void Rooms_DoNotKnowTheFacade() =>
        Assert.All(
            s_sources.Where(s => s.Room != "."),
            s => Assert.DoesNotMatch(@"(?m)^(?!\s*//).*\b(TaskEngine|EngineStatistics)\b", File.ReadAllText(s.Path))
        );

    private static IEnumerable<string> Used(string path) =>
        UsingOf().Matches(File.ReadAllText(path)).Select(m => m.Groups["room"].Value);

    [GeneratedRegex(@"^using (static )?ComodCluster\.Engine\.(?<room>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingOf();

    [GeneratedRegex(
        @"^(?:public |internal )(?:static |sealed |abstract |readonly |partial |unsafe )*(?:class|record struct|record|struct|interface|enum|delegate [\w<>\[\]?., ()]+?) (?<name>\w+)",
        RegexOptions.Multiline
    )]
    private static partial Regex TypeOf();
}
