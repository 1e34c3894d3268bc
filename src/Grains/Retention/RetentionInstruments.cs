using System.Diagnostics.Metrics;

namespace ComodCluster.Grains.Retention;

/// <summary>Rows that were deleted since their retention was over: <c>comod_retention_purged_total</c>.</summary>
internal sealed class RetentionInstruments
{
    private long _objects,
        _versions,
        _jobs;

    public RetentionInstruments(IMeterFactory meters) =>
        // Observed, not counted up: a worker that purged nothing yet shows zeros.
        meters
            .Create("ComodCluster.Retention")
            .CreateObservableCounter(
                "comod.retention.purged",
                () => new[] { Of("object", ref _objects), Of("version", ref _versions), Of("job", ref _jobs) },
                "{row}",
                "Rows of deleted objects, their versions and finished jobs that were purged, by kind."
            );

    public void ObjectsPurged(int count) => Interlocked.Add(ref _objects, count);

    public void VersionsPurged(int count) => Interlocked.Add(ref _versions, count);

    public void JobsPurged(int count) => Interlocked.Add(ref _jobs, count);

    private static Measurement<long> Of(string kind, ref long count) =>
        new(Interlocked.Read(ref count), new KeyValuePair<string, object?>("kind", kind));
}
