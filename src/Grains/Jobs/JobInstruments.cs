using System.Diagnostics.Metrics;
using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Grains.Jobs;

/// <summary>
/// Counts and durations of jobs by kind and outcome: <c>comod_job_duration_seconds</c>, <c>comod_job_resumes_total</c>.
/// </summary>
public sealed class JobInstruments
{
    public const string MeterName = "ComodCluster.Jobs";

    // Seconds: an import takes parts of one, the training of a backbone hours.
    private static readonly double[] Durations =
    [
        0.1,
        0.5,
        1,
        2,
        5,
        10,
        30,
        60,
        120,
        300,
        600,
        1800,
        3600,
        7200,
        21600,
    ];

    private readonly Histogram<double> _duration;
    private long _resumed;

    public JobInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram(
            "comod.job.duration",
            "s",
            "Time of one run of a job in its process, waiting included.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Durations }
        );
        // Observed, not counted up: a worker that resumed nothing yet shows a zero.
        meter.CreateObservableCounter(
            "comod.job.resumes",
            () => Interlocked.Read(ref _resumed),
            "{job}",
            "Unfinished jobs that were taken up again."
        );
    }

    public void JobEnded(JobKind kind, JobError? error, TimeSpan elapsed) =>
        _duration.Record(
            elapsed.TotalSeconds,
            new("kind", CatalogJson.Name(kind)),
            new(
                "outcome",
                error switch
                {
                    null => "succeeded",
                    { Code: ErrorCodes.Cancelled } => "cancelled",
                    _ => "failed",
                }
            )
        );

    public void JobResumed() => Interlocked.Increment(ref _resumed);
}
