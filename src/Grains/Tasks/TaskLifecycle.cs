using ComodCluster.Api.Tasks;

namespace ComodCluster.Grains.Tasks;

/// <summary>
/// Life cycle of a task (docs/architecture.md#task). <c>failed</c> exists only while there is no version to serve.
/// </summary>
public static class TaskLifecycle
{
    /// <summary>The phase after an event; null where the event cannot happen.</summary>
    /// <param name="hasVersion">Whether the task had a version before the event.</param>
    public static TaskPhase? Next(TaskPhase phase, TaskEvent happening, bool hasVersion) =>
        (phase, happening) switch
        {
            (TaskPhase.Deleted, _) => null,
            (_, TaskEvent.Delete) => TaskPhase.Deleted,
            (TaskPhase.Registered or TaskPhase.Ready or TaskPhase.Failed, TaskEvent.AdaptStarted) => TaskPhase.Adapting,
            (TaskPhase.Adapting, TaskEvent.AdaptSucceeded) => TaskPhase.Ready,
            (TaskPhase.Adapting, TaskEvent.AdaptFailed) => hasVersion ? TaskPhase.Ready : TaskPhase.Failed,
            (TaskPhase.Adapting, TaskEvent.AdaptCancelled) => hasVersion ? TaskPhase.Ready : TaskPhase.Registered,
            _ => null,
        };

    /// <summary>
    /// Whether a finished job's version becomes the active one: only if it can be served, the gate let it through, and
    /// nobody activated another since the job began.
    /// </summary>
    public static bool Activates(VersionPhase phase, int activeNow, int activeAtStart) =>
        phase == VersionPhase.Ready && activeNow == activeAtStart;
}
