namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>What is written in the same transaction as a record.</summary>
internal sealed record AlongWrite
{
    public static AlongWrite Nothing { get; } = new();

    /// <summary>Refuses the write where its key is taken.</summary>
    public INewRow? Row { get; init; }

    /// <summary>Anything else; what it throws undoes the write.</summary>
    public Func<CatalogContext, CancellationToken, Task>? Change { get; init; }

    /// <summary>The write deletes something, and must succeed on a full disk.</summary>
    public bool MakesRoom { get; init; }

    public Task<bool> IsTaken(CatalogContext catalog, CancellationToken cancellation) =>
        Row?.IsTaken(catalog, cancellation) ?? Task.FromResult(false);

    public async Task Apply(CatalogContext catalog, CancellationToken cancellation)
    {
        if (Row is not null)
            await Row.Add(catalog, cancellation);
        if (Change is not null)
            await Change(catalog, cancellation);
    }
}
