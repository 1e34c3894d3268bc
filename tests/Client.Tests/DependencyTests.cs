namespace ComodCluster.Client.Tests;

/// <summary>What a program takes along that uses the SDK: .NET alone.</summary>
public class DependencyTests
{
    [Fact]
    public void Sdk_UsesDotNetWithoutItsConsole()
    {
        var used = typeof(ComodClient).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToArray();
        Assert.NotEmpty(used);
        Assert.All(used, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
        Assert.DoesNotContain("System.Console", used);
    }

    [Fact]
    public void Output_HasNeitherOrleansNorRoslynNorNativeLibraries()
    {
        var files = Directory
            .GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetFileName(f)!)
            .ToArray();
        Assert.Contains("ComodCluster.Client.dll", files);
        Assert.DoesNotContain(
            files,
            f =>
                f.StartsWith("Orleans", StringComparison.Ordinal)
                || f.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)
                || f.EndsWith(".so", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Records_CarryNoAttributeOfOrleans() =>
        Assert.DoesNotContain(
            typeof(ComodClient)
                .Assembly.GetExportedTypes()
                .SelectMany(t => t.GetMembers().Prepend(t))
                .SelectMany(m => m.CustomAttributes),
            a => a.AttributeType.Namespace == "ComodCluster.Client.Wire"
        );
}
