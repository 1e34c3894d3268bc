using ComodCluster.Cli.Commands.Plotting;

namespace ComodCluster.Cli.Commands.Reproduce;

/// <summary>A published result, computed anew: cells of work that do not depend on each other, and what follows from all of them.</summary>
internal interface IReproduction : IAsyncDisposable
{
    /// <summary>Every number that the result depends on. A journal of other constants is not continued, but where <see cref="Constant.NamesCells"/>.</summary>
    IReadOnlyList<Constant> Constants { get; }

    /// <summary>Runs of at most a few minutes each, in the order in which they are begun.</summary>
    IReadOnlyList<Cell> Cells { get; }

    /// <summary>Cells computed at the same time, unless the user says how many; null: one for each core.</summary>
    int? AtOnce => null;

    /// <param name="observations">Of all cells, in the cells' order.</param>
    Conclusion Conclude(IReadOnlyList<Observation> observations);

    /// <summary>Ends what the cells share.</summary>
    ValueTask IAsyncDisposable.DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A number or choice, and where it comes from.</summary>
/// <param name="Source">A publication or its code, or "chosen here".</param>
internal sealed record Constant(string Name, string Value, string Source)
{
    public const string Chosen = "chosen here";

    /// <summary>Cells that it changes have another key: with another value the journal lacks only those.</summary>
    public bool NamesCells { get; init; }
}

/// <summary>A piece of work that is done once, whole, and then kept in the journal.</summary>
/// <param name="Key">Unique in its reproduction.</param>
/// <param name="Work">How long it takes, compared with other cells.</param>
/// <param name="Run">The same numbers each time, on any thread.</param>
internal sealed record Cell(string Key, double Work, Func<CancellationToken, Task<IReadOnlyList<Observation>>> Run)
{
    /// <summary>A cell that computes on the thread that it is begun on.</summary>
    public Cell(string key, double work, Func<CancellationToken, IReadOnlyList<Observation>> run) : this(key, work, stop => Task.FromResult(run(stop))) { }
}

/// <summary>One measured number.</summary>
/// <param name="Study">Which curve or table it belongs to.</param>
/// <param name="Arm">Which of the methods compared.</param>
/// <param name="X">Place on the curve.</param>
/// <param name="Seed">What was drawn anew; values of the same seed are paired.</param>
internal readonly record struct Observation(string Study, string Arm, double X, int Seed, double Value)
{
    /// <summary>Which of several tasks, each with seeds of its own; 0 where there is one.</summary>
    public int Task { get; init; }
}

/// <summary>What follows from all observations.</summary>
/// <param name="Criteria">What was published, and whether it holds here.</param>
/// <param name="Remarks">Sentences without a criterion: what decides, what differs.</param>
/// <param name="Plots">By the ending of their files' names.</param>
internal sealed record Conclusion(IReadOnlyList<Criterion> Criteria, IReadOnlyList<string> Remarks, IReadOnlyDictionary<string, LinePlot> Plots)
{
    /// <summary>Lines of CSV with their heading, by the ending of their files' names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Tables { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>A published claim and what came out.</summary>
internal sealed record Criterion(string Claim, bool Holds, string Found);
