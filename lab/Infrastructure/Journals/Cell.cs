namespace ComodCluster.Infrastructure.Journals;

/// <summary>A piece of work that is done once, whole, and then kept in the journal.</summary>
/// <param name="Key">Unique in its reproduction.</param>
/// <param name="Work">How long it takes, compared with other cells.</param>
/// <param name="Run">The same numbers each time, on any thread.</param>
public sealed record Cell(string Key, double Work, Func<CancellationToken, Task<IReadOnlyList<Observation>>> Run)
{
    /// <summary>A cell that computes on the thread that it is begun on.</summary>
    public Cell(string key, double work, Func<CancellationToken, IReadOnlyList<Observation>> run)
        : this(key, work, stop => Task.FromResult(run(stop))) { }
}
