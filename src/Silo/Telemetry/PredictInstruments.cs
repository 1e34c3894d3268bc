using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ComodCluster.Silo.Telemetry;

/// <summary>Duration and count of predictions as HTTP clients see them, the reading of the body included.</summary>
public sealed class PredictInstruments
{
    public const string DurationName = "comod.predict.duration";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _images;

    public PredictInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(SiloMetrics.MeterName);
        _duration = meter.CreateHistogram<double>(DurationName, "s", "Time from the request to its answer, by outcome.");
        _images = meter.CreateCounter<long>("comod.predict.images", "{image}", "Images that were answered.");
    }

    /// <summary>Disposing it records the duration; an answer that was not announced counts as refused.</summary>
    public Measured Start() => new(this, Stopwatch.GetTimestamp());

    public sealed class Measured(PredictInstruments instruments, long start) : IDisposable
    {
        private bool _answered;

        public void Answered(int images)
        {
            _answered = true;
            instruments._images.Add(images);
        }

        public void Dispose() => instruments._duration.Record(
            Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>("outcome", _answered ? "answered" : "refused"));
    }
}
