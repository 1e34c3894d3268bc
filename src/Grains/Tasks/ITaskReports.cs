using ComodCluster.Contracts.Jobs;

namespace ComodCluster.Grains.Tasks;

/// <summary>How a run of a task's job speaks to the task's grain.</summary>
[Alias("comod.ITaskReports"), GrainInterfaceType(ITaskReports.TypeName)]
internal interface ITaskReports : IGrainWithStringKey
{
    /// <summary>As silos announce it to each other.</summary>
    public const string TypeName = "comod.ITaskReports";

    /// <summary>
    /// Appends versions and activates the first trial's, if no user activated another since the job began; repeated
    /// reports change nothing.
    /// </summary>
    /// <returns>Numbers of the versions that the job made, by this report or an earlier one.</returns>
    [Alias("Ended")]
    Task<IReadOnlyList<int>> Ended(JobOutcome outcome);
}
