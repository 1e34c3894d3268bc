using System.Globalization;
using System.Text.RegularExpressions;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Telemetry;

/// <summary>In a process of its own: the meters of all silos of a process are one to the exporter, and end with the first that ends.</summary>
public partial class MetricsTests
{
    [Fact]
    public async Task Scrape_RunningSilo_IsPrometheusTextWithTheDocumentedNames()
    {
        using var folder = new TempFolder();
        await using var silo = await SiloProcess.Ready(folder.Path);
        var families = Parse(await silo.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
        Assert.Superset(new HashSet<string>
        {
            "comod_adapt_steps_total", "comod_prefix_cache_hits_total", "comod_prefix_cache_misses_total", "comod_prefix_cache_size_bytes", "comod_queue_depth",
            "comod_device_busy_ratio", "comod_device_busy_seconds_total", "comod_backbones_resident", "comod_tensors_live",
        }, families);
        Assert.Contains(families, name => name.StartsWith("orleans_", StringComparison.Ordinal));
        Assert.Contains(families, name => name.StartsWith("dotnet_", StringComparison.Ordinal));
    }

    /// <summary>Names of the families; every line is a comment or a sample of a declared family with a number.</summary>
    private static HashSet<string> Parse(string text)
    {
        var families = new HashSet<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal)) families.Add(line.Split(' ')[2]);
            if (line[0] == '#') continue;
            var sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            Assert.Contains(families, family => sample.Groups[1].Value == family || Suffix().Replace(sample.Groups[1].Value, "") == family);
            var value = sample.Groups[2].Value;
            Assert.True(value is "+Inf" or "-Inf" or "NaN" || double.TryParse(value, CultureInfo.InvariantCulture, out _), line);
        }
        return families;
    }

    [GeneratedRegex("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\.)*\",?)*\\})? (\\S+)(?: \\d+)?$")]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
