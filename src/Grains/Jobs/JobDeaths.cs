using ComodCluster.Api;
using ComodCluster.Api.Jobs;

namespace ComodCluster.Grains.Jobs;

/// <summary>
/// What follows when a job's worker dies: the first time it goes on at once, then after a pause and with no other job
/// beside it, then not at all. So a job that kills its workers kills three, and no neighbour is blamed for it. Deaths
/// among those of other silos are an operator's doing more often than the job's; they are held against it only when
/// they are many (docs/decisions/0020-deaths.md).
/// </summary>
internal static class JobDeaths
{
    /// <summary>Deaths in a row after which the job fails: while all other silos lived, and of any kind.</summary>
    public const int Most = 3,
        MostOfAll = 6;

    /// <summary>
    /// The second death's, longer than an operator who kills all silos, and all again, takes; each further one's is twice
    /// as long.
    /// </summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>How long before a run the fall of other silos still tells that somebody goes about killing.</summary>
    public static readonly TimeSpan Turmoil = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The latest run was at its work and did not hand the job over: it died if its worker did. A run that waited for
    /// its turn, or that a user ended meanwhile, does not count.
    /// </summary>
    public static bool EndsWithItsWorker(JobState state) =>
        state.Silo is not null && state.Info.Phase == JobPhase.Running && state.Runs.BegunEpoch == state.Epoch;

    /// <summary>From when on the fall of other silos makes the run's death one among others.</summary>
    public static DateTimeOffset Suspicious(JobState state) => (state.Runs.Begun ?? state.Info.Created) - Turmoil;

    /// <summary>The silos that died with the job, the present one among them: their deaths are no excuse.</summary>
    public static IReadOnlyList<string> Fell(JobState state) => [.. state.Runs.Fell ?? [], state.Silo!];

    /// <summary>The job after a death, in no worker's hands.</summary>
    /// <param name="amongOthers">Silos that never ran it came or went while it ran, or shortly before.</param>
    public static JobState Count(JobState state, DateTimeOffset now, bool amongOthers)
    {
        var deaths = state.Info.Deaths + 1;
        var next = state with
        {
            Silo = null,
            Info = state.Info with { Deaths = deaths, Activity = null, ImagesPerSecond = null, SecondsLeft = null },
            Runs = state.Runs with
            {
                Fell = Fell(state),
                Excused = (state.Runs.Excused ?? 0) + (amongOthers ? 1 : 0),
                NotBefore = null,
            },
        };
        if (!Isolates(next) || IsTheEnd(next))
            return next;
        var until = now + Pause * Math.Pow(2, deaths - 2);
        return next with
        {
            Info = next.Info with
            {
                Activity =
                    $"waits: its worker died {deaths} times while it ran; it goes on alone after {until:HH:mm:ss} UTC",
            },
            Runs = next.Runs with { NotBefore = until },
        };
    }

    /// <summary>A new checkpoint sets the count back: the job gets on.</summary>
    public static JobState Checkpointed(JobState state, string digest) =>
        state with
        {
            Checkpoint = digest,
            Info = digest == state.Checkpoint ? state.Info : state.Info with { Deaths = 0 },
            Runs = digest == state.Checkpoint ? state.Runs : state.Runs with { Fell = null, Excused = null },
        };

    /// <summary>Whether no other job may run beside it.</summary>
    public static bool Isolates(JobState state) => state.Info.Deaths > 1;

    /// <summary>Why the job must end; null where it may go on.</summary>
    public static JobError? Verdict(JobState state) =>
        !IsTheEnd(state)
            ? null
            : new(
                ErrorCodes.WorkerDied,
                $"The worker died {state.Info.Deaths} times while this job ran, the last time with no other job "
                    + "beside it: most likely it needs more memory than the worker has. Ask for less at once (fewer or "
                    + "smaller images, fewer trials, a smaller batch or width), or give the worker more memory, and "
                    + "start the job again."
            );

    private static bool IsTheEnd(JobState state) =>
        state.Info.Deaths - (state.Runs.Excused ?? 0) >= Most || state.Info.Deaths >= MostOfAll;
}
