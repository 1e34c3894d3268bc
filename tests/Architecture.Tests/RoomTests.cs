using System.Text.RegularExpressions;
using ComodCluster.Infrastructure;

namespace ComodCluster.Architecture.Tests;

/// <summary>
/// A folder is a room: its name is its namespace's, its files have a type each, and rooms need each other one way
/// (docs/architecture.md#rooms).
/// </summary>
public partial class RoomTests
{
    /// <summary>Projects by folder; src/Api has no project of its own.</summary>
    public static TheoryData<string> Projects { get; } =
    [
        "src/Api",
        "src/Client",
        "src/Cli",
        "src/Contracts",
        "src/Engine",
        "src/Grains",
        "src/Silo",
        "lab/Infrastructure",
        "lab/Lab",
    ];

    [Theory, MemberData(nameof(Projects))]
    public void Namespaces_AreFolders(string project) =>
        Assert.All(SourcesOf(project), s => Assert.Contains($"\nnamespace {s.Room};\n", $"\n{s.Text}"));

    [Theory, MemberData(nameof(Projects))]
    public void Files_HaveOneTypeAndItsName(string project) =>
        Assert.All(
            SourcesOf(project).Where(s => TypeOf().IsMatch(s.Text)),
            s =>
            {
                // Parts of a name are for what is kept apart: Thing.Log.cs, Thing.Generated.cs.
                var name = Path.GetFileNameWithoutExtension(s.Path).Split('.')[0];
                Assert.Equal([name], TypeOf().Matches(s.Text).Select(m => m.Groups["name"].Value).Distinct());
            }
        );

    [Theory, MemberData(nameof(Projects))]
    public void Rooms_NeedEachOtherOneWay(string project)
    {
        var sources = SourcesOf(project);
        var rooms = sources.Select(s => s.Room).ToHashSet();
        Assert.True(rooms.Count > 1, $"the sources of {project} are not read");
        var needs = sources
            .SelectMany(s => UsedBy(s.Text).Where(rooms.Contains).Select(used => (s.Room, Used: used)))
            .Where(n => n.Room != n.Used)
            .Distinct()
            .ToLookup(n => n.Room, n => n.Used);
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
            SourcesOf("src/Engine")
                .Where(s => s.Room == "ComodCluster.Engine.Execution")
                .SelectMany(s => UsedBy(s.Text)),
            used => used is "ComodCluster.Engine.Trials" or "ComodCluster.Engine.Planning"
        );

    /// <summary>The engine's facade knows every room and no room knows it.</summary>
    [Fact]
    public void Rooms_DoNotKnowTheFacade() =>
        Assert.All(
            SourcesOf("src/Engine").Where(s => s.Room != "ComodCluster.Engine"),
            s => Assert.DoesNotMatch(@"(?m)^(?!\s*//).*\b(TaskEngine|EngineStatistics)\b", s.Text)
        );

    /// <summary>Files with the namespace that their folder asks for; migrations are generated.</summary>
    private static (string Path, string Room, string Text)[] SourcesOf(string project)
    {
        var root = $"ComodCluster.{project.Split('/')[^1]}";
        return
        [
            .. Repository
                .Files(project, "*.cs")
                .Where(f => !f.Contains("/Migrations/", StringComparison.Ordinal))
                .Select(f =>
                    (
                        f,
                        RoomOf(Path.GetRelativePath(Repository.At(project), Path.GetDirectoryName(f)!)),
                        File.ReadAllText(f)
                    )
                )
                .Where(s => Namespace().IsMatch(s.Item3)),
        ];

        string RoomOf(string folder) => folder == "." ? root : $"{root}.{folder.Replace('/', '.')}";
    }

    private static IEnumerable<string> UsedBy(string text) => Using().Matches(text).Select(m => m.Groups["room"].Value);

    [GeneratedRegex(@"^namespace ", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (?:static |\w+ = )?(?<room>ComodCluster\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(
        @"^(?:public |internal )(?:static |sealed |abstract |readonly |partial |unsafe )*(?:class|record struct|record|struct|interface|enum|delegate [\w<>\[\]?., ()]+?) (?<name>\w+)",
        RegexOptions.Multiline
    )]
    private static partial Regex TypeOf();
}
