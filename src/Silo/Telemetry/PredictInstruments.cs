using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ComodCluster.Silo.Telemetry;

/// <summary>Duration and count of predictions as HTTP clients see them, the reading of the body included.</summary>
public sealed class PredictInstruments
{
    // Seconds.
    private static readonly double[] Durations = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _images;

    public PredictInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(SiloMetrics.MeterName);
        _duration = meter.CreateHistogram(
            "comod.predict.duration",
            "s",
            "Time from the request to its answer, by outcome.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Durations }
        );
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

        public void Dispose() =>
            instruments._duration.Record(
                Stopwatch.GetElapsedTime(start).TotalSeconds,
                new KeyValuePair<string, object?>("outcome", _answered ? "answered" : "refused")
            );
    }
}
