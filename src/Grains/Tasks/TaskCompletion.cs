using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Catalog;

namespace ComodCluster.Grains.Tasks;

/// <summary>What a job's end makes of a task. Pure.</summary>
internal static class TaskCompletion
{
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
        var phase = TaskLifecycle.Next(info.Phase, happening, latest > 0) ?? throw new InvalidOperationException($"A job ended while the task was {info.Phase}.");
        versions = outcome.Error is null
            ? [.. outcome.Versions.Select((version, i) => new StoredVersion(version.Info with { Version = latest + 1 + i, Active = false }, version.Curve))]
            : [];
        var activates = versions.Count > 0 && TaskLifecycle.Activates(versions[0].Info.Phase, info.ActiveVersion, outcome.ActiveVersionAtStart);
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
