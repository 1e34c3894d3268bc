using ComodCluster.Infrastructure.Journals;

namespace ComodCluster.Lab.Reproduce;

/// <summary>
/// A published result, computed anew: cells of work that do not depend on each other, and what follows from all of
/// them.
/// </summary>
internal interface IReproduction : IAsyncDisposable
{
    /// <summary>
    /// Every number that the result depends on. A journal of other constants is not continued, but where
    /// <see cref="Constant.NamesCells"/>.
    /// </summary>
    IReadOnlyList<Constant> Constants { get; }

    /// <summary>Runs of at most a few minutes each, in the order in which they are begun.</summary>
    IReadOnlyList<Cell> Cells { get; }

    /// <summary>Cells computed at the same time, unless the user says how many; null: one for each core.</summary>
    int? AtOnce => null;

    /// <param name="observations">Observations of all cells, in the cells' order.</param>
    Conclusion Conclude(IReadOnlyList<Observation> observations);

    /// <summary>Ends what the cells share.</summary>
    ValueTask IAsyncDisposable.DisposeAsync() => ValueTask.CompletedTask;
}
