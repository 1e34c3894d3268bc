namespace ComodCluster.Lab.Chaos.Histories;

/// <summary>What a task is, as far as its users can see it; by default as it was registered.</summary>
/// <param name="Job">That is adapting it; null: none.</param>
/// <param name="ActiveAtStart">The version that was active when that job was accepted.</param>
internal readonly record struct TaskState(int Versions, int Active, string? Job = null, int ActiveAtStart = 0)
{
    /// <summary>The state after an operation; null where it cannot happen here, or not with this answer.</summary>
    public TaskState? After(TaskOperation operation) =>
        operation.Verb switch
        {
            TaskVerb.Adapt when Job is null => this with { Job = operation.Job, ActiveAtStart = Active },
            TaskVerb.End when Job == operation.Job && operation.Version == 0 => new(Versions, Active),
            TaskVerb.End when Job == operation.Job && (operation.Version ?? Versions + 1) == Versions + 1 => new(
                Versions + 1,
                Active == ActiveAtStart ? Versions + 1 : Active
            ),
            TaskVerb.Activate when operation.Version <= Versions => this with { Active = operation.Version.Value },
            TaskVerb.ReadActive when operation.Version == Active => this,
            TaskVerb.ReadCount when operation.Version == Versions => this,
            _ => null,
        };

    public override string ToString() =>
        $"{Versions} versions, {Active} active{(Job is null ? "" : $", {Job} running")}";
}
