using System.Diagnostics.Metrics;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Grains.Jobs;

/// <summary>Counts and durations of jobs by kind and outcome: <c>comod_job_duration_seconds</c>, <c>comod_job_resumes_total</c>.</summary>
public sealed class JobInstruments
{
    public const string MeterName = "ComodCluster";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _resumes;

    public JobInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>("comod.job.duration", "s", "Time of one run of a job in its process, waiting included.");
        _resumes = meter.CreateCounter<long>("comod.job.resumes", "{job}", "Unfinished jobs that were taken up again.");
    }

    public void JobEnded(JobKind kind, JobError? error, TimeSpan elapsed) => _duration.Record(elapsed.TotalSeconds,
        new("kind", CatalogJson.Name(kind)),
        new("outcome", error switch { null => "succeeded", { Code: ErrorCodes.Cancelled } => "cancelled", _ => "failed" }));

    public void JobResumed() => _resumes.Add(1);
}
