using System.Diagnostics.Metrics;

namespace ComodCluster.Silo.Telemetry;

/// <summary>Requests that a gateway refused for want of room, by what there was no room for.</summary>
public sealed class AdmissionInstruments
{
    private long _predictions,
        _uploads,
        _jobs,
        _bodies,
        _slowBodies,
        _bodyBytes;

    // Observed, not counted up: a gateway that refused nothing yet shows a zero.
    public AdmissionInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(SiloMetrics.MeterName);
        meter.CreateObservableCounter<long>(
            "comod.admission.refused",
            Refused,
            "{request}",
            "Requests refused, by what there was no room for; slow-body: the body came too slowly."
        );
        meter.CreateObservableGauge(
            "comod.bodies.held",
            () => Interlocked.Read(ref _bodyBytes),
            "By",
            "Request bodies held in memory."
        );
    }

    public void PredictionRefused() => Interlocked.Increment(ref _predictions);

    public void UploadRefused() => Interlocked.Increment(ref _uploads);

    public void JobRefused() => Interlocked.Increment(ref _jobs);

    public void BodyRefused() => Interlocked.Increment(ref _bodies);

    public void SlowBodyRefused() => Interlocked.Increment(ref _slowBodies);

    /// <param name="bytes">More, or fewer, than before.</param>
    public void BodiesHold(long bytes) => Interlocked.Add(ref _bodyBytes, bytes);

    private IEnumerable<Measurement<long>> Refused() =>
        [
            new(Interlocked.Read(ref _predictions), new KeyValuePair<string, object?>("kind", "prediction")),
            new(Interlocked.Read(ref _uploads), new KeyValuePair<string, object?>("kind", "upload")),
            new(Interlocked.Read(ref _jobs), new KeyValuePair<string, object?>("kind", "job")),
            new(Interlocked.Read(ref _bodies), new KeyValuePair<string, object?>("kind", "body")),
            new(Interlocked.Read(ref _slowBodies), new KeyValuePair<string, object?>("kind", "slow-body")),
        ];
}
