using ComodCluster.Api.Jobs;

namespace ComodCluster.Grains.Jobs;

/// <summary>
/// Life cycle of a job (docs/architecture.md#job). Every end goes through the runner, so that the job's subject hears
/// of it first.
/// </summary>
public static class JobLifecycle
{
    /// <summary>The phase after an event; null where the event cannot happen.</summary>
    public static JobPhase? Next(JobPhase phase, JobEvent happening) =>
        (phase, happening) switch
        {
            (JobPhase.Succeeded or JobPhase.Failed or JobPhase.Cancelled, _) => null,
            (JobPhase.Cancelling, JobEvent.Begin or JobEvent.Pause or JobEvent.Resume) => null,
            (JobPhase.Paused, JobEvent.Begin) => null,
            (JobPhase.Paused, JobEvent.Resume) => JobPhase.Queued,
            (_, JobEvent.Resume) => phase,
            (_, JobEvent.Begin) => JobPhase.Running,
            (_, JobEvent.Pause) => JobPhase.Paused,
            (_, JobEvent.Cancel) => JobPhase.Cancelling,
            // Work that was done before the wish to pause or cancel reached it counts as done.
            (JobPhase.Running or JobPhase.Paused or JobPhase.Cancelling, JobEvent.Succeed) => JobPhase.Succeeded,
            (_, JobEvent.Fail) => JobPhase.Failed,
            (JobPhase.Cancelling, JobEvent.Stopped) => JobPhase.Cancelled,
            _ => null,
        };

    public static bool IsFinished(JobPhase phase) =>
        phase is JobPhase.Succeeded or JobPhase.Failed or JobPhase.Cancelled;
}
