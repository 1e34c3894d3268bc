using System.Diagnostics.Metrics;

namespace ComodCluster.Silo.Telemetry;

/// <summary>Requests that a gateway refused before their body was read, by what they asked for.</summary>
public sealed class AdmissionInstruments
{
    private long _predictions,
        _uploads,
        _jobs;

    // Observed, not counted up: a gateway that refused nothing yet shows a zero.
    public AdmissionInstruments(IMeterFactory meters) =>
        meters
            .Create(SiloMetrics.MeterName)
            .CreateObservableCounter<long>(
                "comod.admission.refused",
                Refused,
                "{request}",
                "Requests refused before their body was read, by what they asked for."
            );

    public void PredictionRefused() => Interlocked.Increment(ref _predictions);

    public void UploadRefused() => Interlocked.Increment(ref _uploads);

    public void JobRefused() => Interlocked.Increment(ref _jobs);

    private IEnumerable<Measurement<long>> Refused() =>
        [
            new(Interlocked.Read(ref _predictions), new KeyValuePair<string, object?>("kind", "prediction")),
            new(Interlocked.Read(ref _uploads), new KeyValuePair<string, object?>("kind", "upload")),
            new(Interlocked.Read(ref _jobs), new KeyValuePair<string, object?>("kind", "job")),
        ];
}
