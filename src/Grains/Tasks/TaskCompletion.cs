using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts.Jobs;

namespace ComodCluster.Grains.Tasks;

/// <summary>What a job's end makes of a task. Pure.</summary>
internal static class TaskCompletion
{
    /// <summary>
    /// Why a job without versions has nothing left to do: the task took its failure, and then the job's own end could
    /// not be stored. Null: the task waits for it.
    /// </summary>
    public static string? EndedBefore(StoredTask task, string job) =>
        task.Info.Phase == TaskPhase.Adapting && task.Job == job ? null
        : task.Job == job && task.Info.Reason is { } reason ? reason
        : $"The task '{task.Info.Spec.Name}' does not wait for this job any more; adapt it again.";

    /// <param name="task">In phase adapting.</param>
    /// <param name="versions">To append, numbered.</param>
    public static StoredTask Of(StoredTask task, JobOutcome outcome, out IReadOnlyList<StoredVersion> versions)
    {
        var (info, latest) = (task.Info, task.Info.LatestVersion);
        var happening = outcome.Error switch
        {
            null => TaskEvent.AdaptSucceeded,
            { Code: ErrorCodes.Cancelled } => TaskEvent.AdaptCancelled,
            _ => TaskEvent.AdaptFailed,
        };
        var phase =
            TaskLifecycle.Next(info.Phase, happening, latest > 0)
            ?? throw new InvalidOperationException($"A job ended while the task was {info.Phase}.");
        versions = outcome.Error is null
            ?
            [
                .. outcome.Versions.Select(
                    (version, i) =>
                        new StoredVersion(version.Info with { Version = latest + 1 + i, Active = false }, version.Curve)
                ),
            ]
            : [];
        var activates =
            versions.Count > 0
            && TaskLifecycle.Activates(versions[0].Info.Phase, info.ActiveVersion, outcome.ActiveVersionAtStart);
        return task with
        {
            Info = info with
            {
                Phase = phase,
                LatestVersion = latest + versions.Count,
                ActiveVersion = activates ? latest + 1 : info.ActiveVersion,
                Reason = happening == TaskEvent.AdaptFailed ? outcome.Error!.Message : null,
            },
        };
    }
}
