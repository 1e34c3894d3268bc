using OpenTelemetry.Metrics;

namespace ComodCluster.Silo.Telemetry;

/// <summary>What <c>/metrics</c> shows: the engine, predictions, HTTP, the runtime and Orleans.</summary>
public static class SiloMetrics
{
    public const string MeterName = "ComodCluster.Silo";

    public static IServiceCollection AddSiloMetrics(this IServiceCollection services)
    {
        services.AddSingleton<PredictInstruments>();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(MeterName, EngineInstruments.MeterName, "Microsoft.Orleans")
            .AddAspNetCoreInstrumentation()
            .AddRuntimeInstrumentation()
            .AddView(PredictInstruments.DurationName, new ExplicitBucketHistogramConfiguration
            {
                Boundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
            })
            .AddPrometheusExporter());
        return services;
    }
}
