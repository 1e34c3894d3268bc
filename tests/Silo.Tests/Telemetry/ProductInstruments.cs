using System.Diagnostics.Metrics;
using ComodCluster.Grains.Jobs;
using ComodCluster.Silo.Telemetry;

namespace ComodCluster.Silo.Tests.Telemetry;

/// <summary>Every instrument of this program, as the meters of a silo publish them.</summary>
internal static class ProductInstruments
{
    /// <param name="services">Services of a silo that is worker and gateway.</param>
    public static IReadOnlyList<Instrument> Of(IServiceProvider services)
    {
        var published = new Dictionary<string, Instrument>(StringComparer.Ordinal);
        // Classes with instruments are made when they are first needed; a class without such a name is made by then or
        // fails the scrape.
        foreach (
            var type in new[] { typeof(JobInstruments), typeof(SiloMetrics) }.SelectMany(known =>
                known.Assembly.GetTypes()
            )
        )
            if (
                type is { IsClass: true, IsAbstract: false }
                && type.Name.EndsWith("Instruments", StringComparison.Ordinal)
            )
                Assert.NotNull(services.GetService(type));
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (
                    instrument.Name.StartsWith("comod.", StringComparison.Ordinal)
                    || instrument.Meter.Name.StartsWith(SiloMetrics.MeterPrefix, StringComparison.Ordinal)
                )
                    lock (published)
                        published[instrument.Name] = instrument;
            },
        };
        // Tells of those that there are already.
        listener.Start();
        return [.. published.Values.OrderBy(instrument => instrument.Name, StringComparer.Ordinal)];
    }
}
