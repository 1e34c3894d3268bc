using System.Xml.Linq;
using ComodCluster.Infrastructure;

namespace ComodCluster.Architecture.Tests;

/// <summary>
/// References run one way (docs/architecture.md#projects): Cli to Client; Grains to Contracts and Engine; Silo to all
/// three.
/// </summary>
public class ReferenceTests
{
    [Theory]
    [InlineData("Contracts")]
    [InlineData("Engine")]
    [InlineData("Grains", "Contracts", "Engine")]
    [InlineData("Silo", "Contracts", "Engine", "Grains")]
    [InlineData("Client")]
    [InlineData("Cli", "Client")]
    public void Project_ReferencesOnlyWhatItsLayerMay(string project, params string[] allowed)
    {
        var linked = Items(project, "ProjectReference")
            .Where(r => (string?)r.Attribute("ReferenceOutputAssembly") != "false")
            .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!))
            .Order()
            .ToArray();
        Assert.Equal(allowed.Order(), linked);
    }

    [Fact]
    public void Cli_KnowsTheSiloOnlyAsAProgramToBuild() =>
        Assert.Contains(
            Items("Cli", "ProjectReference"),
            r =>
                ((string)r.Attribute("Include")!).EndsWith("Silo.csproj", StringComparison.Ordinal)
                && (string?)r.Attribute("ReferenceOutputAssembly") == "false"
        );

    [Theory]
    [InlineData("Engine", "Microsoft.Orleans")]
    [InlineData("Engine", "Microsoft.AspNetCore")]
    [InlineData("Contracts", "TorchSharp")]
    [InlineData("Cli", "TorchSharp")]
    [InlineData("Cli", "Microsoft.Orleans.Server")]
    public void Project_DoesNotUsePackagesOfAnotherLayer(string project, string prefix) =>
        Assert.DoesNotContain(
            Items(project, "PackageReference"),
            r => ((string)r.Attribute("Include")!).StartsWith(prefix, StringComparison.Ordinal)
        );

    [Fact]
    public void EngineSources_UseNeitherOrleansNorAspNet()
    {
        var offenders = Repository
            .Files("src/Engine", "*.cs")
            .Where(f =>
                File.ReadLines(f)
                    .Any(l =>
                        l.StartsWith("using Orleans", StringComparison.Ordinal)
                        || l.StartsWith("using Microsoft.AspNetCore", StringComparison.Ordinal)
                        || l.StartsWith("using ComodCluster.Contracts", StringComparison.Ordinal)
                        || l.StartsWith("using ComodCluster.Api", StringComparison.Ordinal)
                    )
            );
        Assert.Empty(offenders);
    }

    [Fact]
    public void NothingThatIsShipped_UsesTheLaboratory() =>
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories),
            project => File.ReadAllText(project).Contains("/lab/", StringComparison.Ordinal)
        );

    private static IEnumerable<XElement> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj")).Descendants(kind);
}
