using ComodCluster.Api.Tasks;
using ComodCluster.Engine.Tasks;
using Method = ComodCluster.Api.Tasks.Method;

namespace ComodCluster.Grains.Tasks;

/// <summary>What the catalog keeps of a version besides its state's blob.</summary>
/// <param name="Info">Its <see cref="VersionInfo.Active"/> means nothing here: the task knows which version is
/// active.</param>
/// <param name="Curve">Evaluations during the adaptation.</param>
public sealed record StoredVersion(VersionInfo Info, IReadOnlyList<CurvePoint> Curve)
{
    /// <summary>
    /// As it is shown: whether it is active, and the method by the name that this build has for it
    /// (<see cref="TaskState.MethodOf"/>).
    /// </summary>
    public VersionInfo Of(TaskInfo task) =>
        Info with
        {
            Active = Info.Version == task.ActiveVersion,
            Method = TaskState
                .MethodOf(
                    Info.Method.To<Engine.Tasks.Method>(),
                    task.Readout.To<Engine.Tasks.ReadoutMode>(),
                    Info.Readout is not null
                )
                .To<Method>(),
        };
}
