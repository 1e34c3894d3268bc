namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>What differs between the databases that a catalog can be in.</summary>
internal interface ICatalogProvider : IDisposable
{
    /// <summary>Writers of this process take turns.</summary>
    bool OneWriter { get; }

    CatalogContext NewContext();

    /// <summary>Runs the work while no other process runs any here: for migrations.</summary>
    /// <exception cref="Engine.InputException">The database refuses this program; the message says what to
    /// do.</exception>
    Task Alone(Func<Task> work, CancellationToken cancellation);

    /// <summary>A key was there already.</summary>
    bool IsDuplicate(Exception failure);

    /// <summary>
    /// The same transaction may succeed a little later, and has changed nothing unless its commit was begun.
    /// </summary>
    bool IsPassing(Exception failure);
}
