using ComodCluster.Silo.Configuration;

namespace ComodCluster.Silo.Bodies;

/// <summary>How long a client may be waited for: a grace, and the time that what it has sent takes at the least
/// rate.</summary>
/// <param name="Grace">For nothing yet.</param>
/// <param name="BytesPerSecond">Least rate.</param>
/// <param name="Longest">For the whole body, however long; null: no bound.</param>
public sealed record BodyPace(TimeSpan Grace, double BytesPerSecond, TimeSpan? Longest)
{
    /// <param name="streamed">A body that goes to the disk may take its time, one that is held in memory may
    /// not.</param>
    public static BodyPace Of(AdmissionLimits limits, bool streamed) =>
        new(
            TimeSpan.FromSeconds(limits.BodyGraceSeconds),
            limits.BodyBytesPerSecond,
            streamed ? null : TimeSpan.FromSeconds(limits.BodySeconds)
        );

    /// <summary>What may have been waited by the time so many bytes are there.</summary>
    public TimeSpan Allowed(long received)
    {
        var allowed = Grace + TimeSpan.FromSeconds(received / BytesPerSecond);
        return Longest is { } longest && longest < allowed ? longest : allowed;
    }
}
