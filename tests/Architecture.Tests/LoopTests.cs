using System.Text.RegularExpressions;
using ComodCluster.Infrastructure;

namespace ComodCluster.Architecture.Tests;

/// <summary>
/// What a silo repeats is a loop of one kind, which no failure of a round ends: nothing repeats itself beside it.
/// </summary>
public partial class LoopTests
{
    [Fact]
    public void Silos_RepeatByLoopsOnly() =>
        Assert.Equal(
            [
                "src/Grains/Loops/SiloLoop.cs",
                // These wait once, and end the silo.
                "src/Silo/Hosting/DeviceWatch.cs",
                "src/Silo/Hosting/ParentWatch.cs",
            ],
            new[] { "src/Grains", "src/Silo" }
                .SelectMany(project => Repository.Files(project, "*.cs"))
                .Where(file => Repeating().IsMatch(File.ReadAllText(file)))
                .Select(file => Path.GetRelativePath(Repository.At("."), file))
                .Order(StringComparer.Ordinal)
        );

    [GeneratedRegex(@"\b(BackgroundService|PeriodicTimer)\b|\bnew Timer\(|\.CreateTimer\(")]
    private static partial Regex Repeating();
}
