using ComodCluster.Api;
using ComodCluster.Api.Jobs;

namespace ComodCluster.Grains.Jobs;

/// <summary>
/// What follows when a job's worker dies: the first time it goes on at once, then after a pause and with no other job
/// beside it, then not at all. So a job that kills its workers kills three, and no neighbour is blamed for it
/// (docs/decisions/0020-deaths.md).
/// </summary>
internal static class JobDeaths
{
    /// <summary>Deaths in a row after which the job fails.</summary>
    public const int Most = 3;

    /// <summary>Longer than an operator who kills all silos, and all again, takes.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The latest run was at its work and did not hand the job over: it died if its worker did. A run that waited for
    /// its turn, or that a user ended meanwhile, does not count.
    /// </summary>
    public static bool EndsWithItsWorker(JobState state) =>
        state.Silo is not null && state.Info.Phase == JobPhase.Running && state.Runs.BegunEpoch == state.Epoch;

    /// <summary>The job after a death, in no worker's hands.</summary>
    public static JobState Count(JobState state, DateTimeOffset now)
    {
        var deaths = state.Info.Deaths + 1;
        var pauses = deaths > 1 && deaths < Most;
        return state with
        {
            Silo = null,
            Info = state.Info with
            {
                Deaths = deaths,
                Activity = pauses
                    ? $"waits: its worker died {deaths} times while it ran; it goes on alone after "
                        + $"{now + Pause:HH:mm:ss} UTC"
                    : null,
                ImagesPerSecond = null,
                SecondsLeft = null,
            },
            Runs = state.Runs with { NotBefore = pauses ? now + Pause : null },
        };
    }

    /// <summary>A new checkpoint sets the count back: the job gets on.</summary>
    public static JobState Checkpointed(JobState state, string digest) =>
        state with
        {
            Checkpoint = digest,
            Info = digest == state.Checkpoint ? state.Info : state.Info with { Deaths = 0 },
        };

    /// <summary>Whether no other job may run beside it.</summary>
    public static bool Isolates(JobState state) => state.Info.Deaths >= Most - 1;

    /// <summary>Why the job must end; null where it may go on.</summary>
    public static JobError? Verdict(JobState state) =>
        state.Info.Deaths < Most
            ? null
            : new(
                ErrorCodes.WorkerDied,
                $"The worker died {state.Info.Deaths} times while this job ran, the last time with no other job "
                    + "beside it: most likely it needs more memory than the worker has. Ask for less at once (fewer or "
                    + "smaller images, fewer trials, a smaller batch or width), or give the worker more memory, and "
                    + "start the job again."
            );
}
