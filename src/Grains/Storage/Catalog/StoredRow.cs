using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>
/// One row as its grain holds it. <see cref="Value"/> changes only after the write succeeded; after a failed write the
/// row is read again, because the failure does not say whether the disk has it.
/// </summary>
internal sealed class StoredRow<TRow, T>(CatalogDatabase database, IRowLayout<TRow, T> layout)
    where TRow : class, IStoredRow
    where T : class
{
    private TRow? _row;
    private bool _known;
    private Task? _reading;

    /// <summary>Null where the row was never written. Tombstones have a value.</summary>
    public T? Value { get; private set; }

    public TenantName Tenant => new(_row?.Tenant ?? "");

    /// <summary>
    /// Reads the row, unless what is held is what was read or written last. A row that is missing is looked for each
    /// time: somebody else may write it first.
    /// </summary>
    public async Task Load(CancellationToken cancellation)
    {
        if (_known)
            return;
        // Calls that interleave share one reading: none ends after a write that another one began.
        var reading = _reading ??= Read();
        try
        {
            await reading.WaitAsync(cancellation);
        }
        finally
        {
            if (reading.IsCompleted && ReferenceEquals(_reading, reading))
                _reading = null;
        }
    }

    /// <summary>
    /// Reads the row even so. Where a change is decided: until the directory of grains has healed after a silo's death,
    /// another activation may have written the row.
    /// </summary>
    public Task Refresh(CancellationToken cancellation)
    {
        _known = false;
        return Load(cancellation);
    }

    /// <param name="newRow">From the format that the catalog writes.</param>
    /// <exception cref="ComodException">The name or a key is taken; storage-full, storage-unavailable; or what
    /// <paramref name="along"/> throws.</exception>
    public Task Create(Func<int, TRow> newRow, AlongWrite along, CancellationToken cancellation) =>
        Write(
            async (catalog, stop) =>
            {
                var row = newRow(catalog.Format);
                await CheckFree(catalog, row, along, stop);
                catalog.Add(row);
                await along.Apply(catalog, stop);
                return (row, layout.Read(row));
            },
            (catalog, stop) => CheckFree(catalog, newRow(catalog.Format), along, stop),
            along.MakesRoom,
            cancellation
        );

    /// <exception cref="ComodException">The key of a new row is taken; storage-unavailable, also where somebody else
    /// wrote the row; or what <paramref name="along"/> throws.</exception>
    public Task Save(T next, AlongWrite along, CancellationToken cancellation) =>
        Write(
            async (catalog, stop) =>
            {
                var row = await layout.Claim(catalog, stop);
                if (row.Etag != _row?.Etag)
                    throw new CatalogConflictException();
                row.Etag++;
                await layout.Write(catalog, row, next, stop);
                await CheckFree(catalog, along, stop);
                await along.Apply(catalog, stop);
                return (row, next);
            },
            (catalog, stop) => CheckFree(catalog, along, stop),
            along.MakesRoom,
            cancellation
        );

    private async Task Read()
    {
        var row = await database.Read(
            (catalog, stop) => layout.Find(catalog).SingleOrDefaultAsync(stop),
            CancellationToken.None
        );
        (_row, Value, _known) = (row, row is null ? null : layout.Read(row), row is not null);
    }

    /// <param name="explain">After a lost race: throws where another row has what this one wants.</param>
    private async Task Write(
        Func<CatalogContext, CancellationToken, Task<(TRow, T)>> change,
        Func<CatalogContext, CancellationToken, Task> explain,
        bool makesRoom,
        CancellationToken cancellation
    )
    {
        try
        {
            (_row, Value) = await database.Write(change, cancellation, makesRoom);
            _known = true;
        }
        catch (Exception e)
        {
            await ReadAgain();
            if (e is not CatalogConflictException)
                throw;
            await database.Read(
                async (catalog, stop) =>
                {
                    await explain(catalog, stop);
                    return true;
                },
                cancellation
            );
            throw new ComodException(
                ErrorCodes.StorageUnavailable,
                503,
                "The record was changed by another process at the same time; try again.",
                e
            );
        }
    }

    // Where this fails as well, the next call reads.
    private async Task ReadAgain()
    {
        try
        {
            await Refresh(CancellationToken.None);
        }
        catch (ComodException)
        {
            _known = false;
        }
    }

    private async Task CheckFree(CatalogContext catalog, TRow row, AlongWrite along, CancellationToken cancellation)
    {
        // Asked in this order, whoever loses a race for both hears of the row's own name.
        var taken = await along.IsTaken(catalog, cancellation);
        await layout.CheckFree(catalog, row, cancellation);
        if (taken)
            throw along.Row!.Taken();
    }

    private static async Task CheckFree(CatalogContext catalog, AlongWrite along, CancellationToken cancellation)
    {
        if (await along.IsTaken(catalog, cancellation))
            throw along.Row!.Taken();
    }
}
