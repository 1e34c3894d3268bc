using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using ComodCluster.Silo.Telemetry;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Telemetry;

/// <summary>
/// Scrapes a process of its own: the meters of all silos of a process are one to the exporter, and end with the first
/// that ends.
/// </summary>
public partial class MetricsTests(RunningSilo here)
{
    [Fact]
    public async Task Scrape_SiloThatWorked_HasEveryInstrument()
    {
        using var folder = new TempFolder();
        await using var silo = await SiloProcess.Ready(folder.Path);
        // A histogram, or a counter by outcome, has nothing to show before the first job and prediction.
        await silo.Client.PutTinyTask("seen");
        await silo.Client.Predicted("seen", TinyWorld.Png(0, 0));
        var text = await silo.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var families = Parse(text);

        var instruments = ProductInstruments.Of(here.Services);
        Assert.All(instruments, instrument => Assert.StartsWith(SiloMetrics.MeterPrefix, instrument.Meter.Name));
        Assert.Superset(instruments.Select(FamilyOf).ToHashSet(), families);
        Assert.Superset(
            new HashSet<string>
            {
                "comod_job_duration_seconds",
                "comod_job_resumes_total",
                "comod_device_busy_seconds_total",
            },
            families
        );
        Assert.Contains(families, name => name.StartsWith("orleans_", StringComparison.Ordinal));
        Assert.Contains(families, name => name.StartsWith("dotnet_", StringComparison.Ordinal));

        Assert.Equal(
            [
                "0.1",
                "0.5",
                "1",
                "2",
                "5",
                "10",
                "30",
                "60",
                "120",
                "300",
                "600",
                "1800",
                "3600",
                "7200",
                "21600",
                "+Inf",
            ],
            BucketsOf(text, "comod_job_duration_seconds")
        );
        Assert.Equal(
            ["0.001", "0.002", "0.005", "0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "+Inf"],
            BucketsOf(text, "comod_predict_duration_seconds")
        );
    }

    /// <summary>As OpenTelemetry's Prometheus exporter spells it.</summary>
    private static string FamilyOf(Instrument instrument)
    {
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        var isCounter = instrument.GetType().Name.Contains("Counter", StringComparison.Ordinal);
        return $"{instrument.Name.Replace('.', '_')}{unit}{(isCounter ? "_total" : "")}";
    }

    private static IEnumerable<string> BucketsOf(string text, string family) =>
        text.Split('\n')
            .Where(line => line.StartsWith($"{family}_bucket{{", StringComparison.Ordinal))
            .Select(line => Bound().Match(line).Groups[1].Value)
            .Distinct();

    /// <summary>
    /// Names of the families; every line is a comment or a sample of a declared family with a number.
    /// </summary>
    private static HashSet<string> Parse(string text)
    {
        var families = new HashSet<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                families.Add(line.Split(' ')[2]);
            if (line[0] == '#')
                continue;
            var sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            Assert.Contains(
                families,
                family => sample.Groups[1].Value == family || Suffix().Replace(sample.Groups[1].Value, "") == family
            );
            var value = sample.Groups[2].Value;
            Assert.True(
                value is "+Inf" or "-Inf" or "NaN" || double.TryParse(value, CultureInfo.InvariantCulture, out _),
                line
            );
        }
        return families;
    }

    [GeneratedRegex(
        "^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\.)*\",?)*\\})? (\\S+)(?: \\d+)?$"
    )]
    private static partial Regex Sample();

    [GeneratedRegex("le=\"([^\"]+)\"")]
    private static partial Regex Bound();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
