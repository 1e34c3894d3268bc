namespace ComodCluster.Lab.Chaos;

/// <summary>One fault, and how it ends.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Cause">Returns when the fault is there.</param>
/// <param name="End">Undoes what an operator would undo; silos that have ended are started anyway.</param>
/// <param name="Lasts">Until it is undone; null: until every task has answered.</param>
/// <param name="Apart">It needs a cluster whose network and disks can be cut and filled.</param>
/// <param name="Clocks">It needs clocks that can be shifted.</param>
internal sealed record Scenario(
    string Name,
    string What,
    Func<ChaosCluster, Task> Cause,
    Func<ChaosCluster, Task> End,
    TimeSpan? Lasts = null,
    bool Apart = false,
    bool Clocks = false
)
{
    public Scenario(string name, string what, Action<ChaosCluster> cause, Func<ChaosCluster, Task> end)
        : this(name, what, Later(cause), end) { }

    public static Func<ChaosCluster, Task> Later(Action<ChaosCluster> act) =>
        cluster =>
        {
            act(cluster);
            return Task.CompletedTask;
        };
}
