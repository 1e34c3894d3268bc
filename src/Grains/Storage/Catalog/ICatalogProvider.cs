using ComodCluster.Grains.Storage.Identity;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>What differs between the databases that a catalog can be in.</summary>
internal interface ICatalogProvider : IDisposable
{
    /// <summary>Writers of this process take turns.</summary>
    bool OneWriter { get; }

    MarkSql Mark { get; }

    CatalogContext NewContext();

    /// <summary>Whether there is a catalog, which then can be read.</summary>
    /// <exception cref="Engine.InputException"><c>catalog-damaged</c></exception>
    Task<bool> Examine(CancellationToken cancellation);

    /// <summary>
    /// Moves what was committed from the log into the database's own file, where that is this program's task.
    /// </summary>
    Task FoldLog(CancellationToken cancellation);

    /// <summary>Runs the work while no other process runs any here: for migrations.</summary>
    /// <exception cref="Engine.InputException">The database refuses this program; the message says what to
    /// do.</exception>
    Task Alone(Func<Task> work, CancellationToken cancellation);

    /// <summary>Writes all rows, as they are at one moment, into a new SQLite file; others go on writing.</summary>
    Task CopyTo(string path, CancellationToken cancellation);

    /// <summary>
    /// Remembers beside the database, at no cost, how many writes it has: what a process that is killed leaves is
    /// exact. A machine that loses its power may leave less, never more.
    /// </summary>
    void Remember(long writes) { }

    /// <summary>What was remembered last; null: nothing.</summary>
    SeenWrites? Remembered() => null;

    /// <summary>Gives up room that is held on the disk for deletions.</summary>
    /// <returns>Whether there is room now that was not there before.</returns>
    bool GiveRoom() => false;

    /// <summary>A key was there already.</summary>
    bool IsDuplicate(Exception failure);

    /// <summary>
    /// The same transaction may succeed a little later, and has changed nothing unless its commit was begun.
    /// </summary>
    bool IsPassing(Exception failure);
}
