using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Text;
using ComodCluster.Grains.Jobs;
using ComodCluster.Silo.Telemetry;
using ComodCluster.Silo.Tests.Telemetry;
using ComodCluster.TestInfrastructure;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Silo.Tests.Documents;

public class TelemetryPageTests(RunningSilo silo)
{
    private const string Introduction = """
        # What a silo tells of itself

        Made from the instruments and log events of the code and compared with them by a test.

        ## Instruments

        `/metrics` has these in Prometheus' spelling (`comod.job.duration` in `s` is `comod_job_duration_seconds`, a
        counter ends with `_total`), and those of ASP.NET Core, the runtime and Orleans.

        | instrument | kind | unit | what it is |
        |---|---|---|---|

        """;

    private const string Events = """

        ## Log events

        On standard error; an id keeps its meaning. `--Logging:LogLevel:Default=Information` shows those below a warning.

        | id | level | class | text |
        |---|---|---|---|

        """;

    private static readonly (Type Type, LoggerMessageAttribute Event)[] Logged =
    [
        .. new[] { typeof(JobInstruments), typeof(SiloMetrics) }
            .SelectMany(known => known.Assembly.GetTypes())
            .SelectMany(type =>
                type.GetMethods(
                        BindingFlags.Static
                            | BindingFlags.Instance
                            | BindingFlags.NonPublic
                            | BindingFlags.Public
                            | BindingFlags.DeclaredOnly
                    )
                    .Select(method => (type, method.GetCustomAttribute<LoggerMessageAttribute>()!))
                    .Where(pair => pair.Item2 is not null)
            )
            .OrderBy(pair => pair.Item2.EventId),
    ];

    [Fact]
    public Task Page_IsWhatTheCodeSays() => GeneratedPage.Check("telemetry.md", Page());

    [Fact]
    public void LogEvents_HaveAnIdOfTheirOwn()
    {
        Assert.True(Logged.Length > 20);
        Assert.All(
            Logged,
            logged => Assert.True(logged.Event.EventId > 0, $"{logged.Type.Name}: {logged.Event.Message}")
        );
        Assert.Equal(Logged.Length, Logged.Select(logged => logged.Event.EventId).Distinct().Count());
    }

    private string Page()
    {
        var page = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var instrument in ProductInstruments.Of(silo.Services))
            page.Append(
                CultureInfo.InvariantCulture,
                $"| `{instrument.Name}` | {KindOf(instrument)} | {instrument.Unit} | {instrument.Description} |\n"
            );
        page.Append(Events.ReplaceLineEndings("\n"));
        foreach (var (type, logged) in Logged)
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {logged.EventId} | {logged.Level} | `{type.Name}` | {logged.Message} |\n"
            );
        return page.ToString();
    }

    private static string KindOf(Instrument instrument) =>
        instrument.GetType().Name switch
        {
            var name when name.Contains("Counter", StringComparison.Ordinal) => "counter",
            var name when name.Contains("Gauge", StringComparison.Ordinal) => "gauge",
            _ => "histogram",
        };
}
