using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ComodCluster.Infrastructure;

namespace ComodCluster.Architecture.Tests;

/// <summary>
/// The HTTP records are written once, in src/Api, and compiled into Contracts and into the SDK: no program has both.
/// </summary>
public partial class ApiTests
{
    [Fact]
    public void Records_AreWrittenOnce()
    {
        var api = Declared("Api").ToArray();
        Assert.Contains("TaskSpec", api);
        Assert.Equal(api.Length, api.Distinct().Count());
        Assert.Empty(api.Intersect(Declared("Contracts").Concat(Declared("Client"))));
    }

    [Fact]
    public void NoProject_HasBothContractsAndTheSdk() =>
        Assert.DoesNotContain(
            Repository.Files("", "*.csproj"),
            p => Closure(p).ToHashSet().IsSupersetOf(["Contracts.csproj", "Client.csproj"])
        );

    [Theory]
    [InlineData("Client")]
    [InlineData("Cli")]
    public void Client_DependsNeitherOnOrleansNorOnRoslyn(string project)
    {
        using var locked = JsonDocument.Parse(File.ReadAllText(Repository.At($"src/{project}/packages.lock.json")));
        var packages = locked
            .RootElement.GetProperty("dependencies")
            .EnumerateObject()
            .SelectMany(f => f.Value.EnumerateObject())
            .Select(p => p.Name)
            .Order()
            .ToArray();
        Assert.DoesNotContain(
            packages,
            p =>
                p.StartsWith("Microsoft.Orleans", StringComparison.Ordinal)
                || p.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)
        );
        if (project == "Client")
            Assert.Empty(packages);
    }

    private static IEnumerable<string> Declared(string project) =>
        Repository
            .Files($"src/{project}", "*.cs")
            .SelectMany(f => Declaration().Matches(File.ReadAllText(f)).Select(m => m.Groups["name"].Value));

    private static IEnumerable<string> Closure(string project) =>
        from reference in XDocument.Load(project).Descendants("ProjectReference")
        where (string?)reference.Attribute("ReferenceOutputAssembly") != "false"
        let path = Path.GetFullPath((string)reference.Attribute("Include")!, Path.GetDirectoryName(project)!)
        from name in Closure(path).Prepend(Path.GetFileName(path))
        select name;

    [GeneratedRegex(@"^public [\w ]*?\b(record|class|enum|interface|struct) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
