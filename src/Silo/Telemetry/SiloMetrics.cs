using OpenTelemetry.Metrics;

namespace ComodCluster.Silo.Telemetry;

/// <summary>
/// What <c>/metrics</c> shows: all meters of this program, HTTP, the runtime and Orleans. Each instrument carries its
/// own buckets, and docs/telemetry.md lists them all.
/// </summary>
public static class SiloMetrics
{
    /// <summary>Meter of the instruments that belong to the HTTP layer.</summary>
    public const string MeterName = "ComodCluster.Silo";

    /// <summary>A meter whose name begins otherwise is not exported.</summary>
    public const string MeterPrefix = "ComodCluster.";

    public static IServiceCollection AddSiloMetrics(this IServiceCollection services)
    {
        services.AddSingleton<PredictInstruments>();
        services.AddSingleton<AdmissionInstruments>();
        services
            .AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddMeter($"{MeterPrefix}*", "Microsoft.Orleans")
                    .AddAspNetCoreInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddPrometheusExporter()
            );
        return services;
    }
}
