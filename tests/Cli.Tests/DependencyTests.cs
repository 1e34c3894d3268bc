namespace ComodCluster.Cli.Tests;

public class DependencyTests
{
    [Fact]
    public void Output_HasNeitherOrleansNorRoslyn()
    {
        var files = Directory
            .GetFiles(AppContext.BaseDirectory, "*.dll", SearchOption.AllDirectories)
            .Select(f => Path.GetFileName(f)!)
            .ToArray();
        Assert.Contains("comod.dll", files);
        Assert.DoesNotContain(
            files,
            f =>
                f.StartsWith("Orleans", StringComparison.Ordinal)
                || f.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)
                || f == "ComodCluster.Contracts.dll"
        );
    }
}
