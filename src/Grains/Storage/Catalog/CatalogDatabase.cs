using System.Diagnostics;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Storage.Faults;
using ComodCluster.Grains.Storage.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>The catalog: brought to this program's schema at its first use.</summary>
public sealed class CatalogDatabase : IDisposable
{
    // How long a passing failure of the server, its restart for example, is waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5),
        FirstWait = TimeSpan.FromMilliseconds(50),
        LongestWait = TimeSpan.FromSeconds(1);

    private readonly ICatalogProvider _provider;
    private readonly SemaphoreSlim _opening = new(1),
        _writer;
    private volatile bool _open;

    private readonly ClusterIdentity? _identity;
    private readonly TimeProvider _time;
    private volatile int _format = FormatRange.First;

    // Writes that this process knows the catalog to have: those of its start, those of the last count, and its own
    // since then.
    private long _opened,
        _counted,
        _ownWhenCounted,
        _own;

    /// <param name="formats">Null: those of this build.</param>
    /// <param name="identity">Checked before anything is migrated; null: not at all.</param>
    /// <param name="time">Null: that of the system.</param>
    internal CatalogDatabase(
        ICatalogProvider provider,
        FormatRange? formats = null,
        ClusterIdentity? identity = null,
        TimeProvider? time = null
    ) =>
        (_provider, _writer, Formats, _identity, _time) = (
            provider,
            new SemaphoreSlim(provider.OneWriter ? 1 : int.MaxValue),
            formats ?? FormatRange.Build,
            identity,
            time ?? TimeProvider.System
        );

    /// <summary>Formats of records that this build knows.</summary>
    public FormatRange Formats { get; }

    /// <summary>What is written: the cluster's format when it was last read.</summary>
    public int Format => _format;

    /// <summary>Applies the migrations that are missing; later calls do nothing.</summary>
    /// <exception cref="InputException">
    /// <c>catalog-newer</c>: a later program wrote the catalog; <c>format-unreadable</c>: or its records;
    /// <c>catalog-damaged</c>; <c>catalog-behind</c>, <c>blobs-mismatch</c>, <c>cluster-mismatch</c>: it is not the one
    /// that belongs here, or has lost writes; <c>database-unreachable</c>, <c>database-refused</c>.
    /// </exception>
    /// <exception cref="ComodException">storage-full, storage-unavailable.</exception>
    public async Task Open(CancellationToken cancellation)
    {
        if (_open)
            return;
        await _opening.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_open)
                return;
            _open = await Persistently(
                    async _ =>
                    {
                        await _provider.Alone(() => Prepare(cancellation), cancellation).ConfigureAwait(false);
                        await TakeFormat(cancellation).ConfigureAwait(false);
                        return true;
                    },
                    cancellation
                )
                .ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Reads the cluster's format again: another silo may have raised it.</summary>
    /// <exception cref="InputException"><c>format-unreadable</c></exception>
    /// <exception cref="ComodException">storage-unavailable.</exception>
    public async Task ReadFormat(CancellationToken cancellation)
    {
        await Open(cancellation).ConfigureAwait(false);
        await Persistently(
                async _ =>
                {
                    await TakeFormat(cancellation).ConfigureAwait(false);
                    return true;
                },
                cancellation
            )
            .ConfigureAwait(false);
    }

    /// <summary>Runs a query on the pool, beside the writers.</summary>
    /// <param name="query">May run more than once.</param>
    /// <exception cref="ComodException">storage-unavailable.</exception>
    public async Task<T> Read<T>(Func<CatalogContext, CancellationToken, Task<T>> query, CancellationToken cancellation)
    {
        await Open(cancellation).ConfigureAwait(false);
        return await Persistently(
                async _ =>
                {
                    await using var catalog = NewContext();
                    catalog.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
                    return await query(catalog, cancellation).ConfigureAwait(false);
                },
                cancellation
            )
            .ConfigureAwait(false);
    }

    /// <summary>Runs a change in one transaction: when it returns, the change is on the disk.</summary>
    /// <param name="change">May run more than once, each time on the catalog as it is.</param>
    /// <param name="makesRoom">It deletes something: on a full disk it gets the room that is held for that.</param>
    /// <exception cref="CatalogConflictException">An etag or a key did not hold: nothing has changed.</exception>
    /// <exception cref="ComodException">storage-full; storage-unavailable, after which the change may or may not be
    /// there; or what <paramref name="change"/> throws.</exception>
    public async Task<T> Write<T>(
        Func<CatalogContext, CancellationToken, Task<T>> change,
        CancellationToken cancellation,
        bool makesRoom = false
    )
    {
        await Open(cancellation).ConfigureAwait(false);
        await _writer.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Persistently(attempt => Transact(attempt, change, cancellation), cancellation)
                .ConfigureAwait(false);
        }
        catch (ComodException full) when (makesRoom && full.Code == ErrorCodes.StorageFull && _provider.GiveRoom())
        {
            return await Persistently(attempt => Transact(attempt, change, cancellation), cancellation)
                .ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>
    /// How many writes the catalog has, and how many it must have at least: what it had when this was last asked, and
    /// what this process was told to be on the disk since then. One caller at a time.
    /// </summary>
    /// <exception cref="ComodException">storage-unavailable.</exception>
    internal async Task<(long Has, long Must)> Writes(CancellationToken cancellation)
    {
        var own = Interlocked.Read(ref _own);
        var has = await Read(
                async (catalog, stop) =>
                {
                    await catalog.Database.OpenConnectionAsync(stop).ConfigureAwait(false);
                    return await Marked(catalog).Writes(stop).ConfigureAwait(false);
                },
                cancellation
            )
            .ConfigureAwait(false);
        var must = _counted + Math.Max(0, own - _ownWhenCounted);
        // What was written while the catalog was read may be in the count: it is not expected again.
        (_counted, _ownWhenCounted) = (has, Interlocked.Read(ref _own));
        return (has, must);
    }

    /// <inheritdoc cref="ICatalogProvider.FoldLog"/>
    /// <exception cref="ComodException">storage-full, storage-unavailable.</exception>
    internal Task FoldLog(CancellationToken cancellation) =>
        Persistently(
            async _ =>
            {
                await _provider.FoldLog(cancellation).ConfigureAwait(false);
                return true;
            },
            cancellation
        );

    /// <summary>Writes all rows, as they are at one moment, into a new SQLite file; others go on writing.</summary>
    /// <exception cref="ComodException">storage-full, storage-unavailable.</exception>
    public async Task CopyTo(string path, CancellationToken cancellation)
    {
        await Open(cancellation).ConfigureAwait(false);
        await Persistently(
                async _ =>
                {
                    File.Delete(path);
                    await _provider.CopyTo(path, cancellation).ConfigureAwait(false);
                    return true;
                },
                cancellation
            )
            .ConfigureAwait(false);
    }

    public void Dispose()
    {
        _provider.Dispose();
        _opening.Dispose();
        _writer.Dispose();
    }

    private async Task<T> Transact<T>(
        Attempt attempt,
        Func<CatalogContext, CancellationToken, Task<T>> change,
        CancellationToken cancellation
    )
    {
        await using var catalog = NewContext();
        await using var transaction = await catalog.Database.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        var result = await change(catalog, cancellation).ConfigureAwait(false);
        await catalog.SaveChangesAsync(cancellation).ConfigureAwait(false);
        var counted = await Marked(catalog).Count(catalog.Now, cancellation).ConfigureAwait(false);
        // A commit that was begun is finished, and not tried again: its outcome must be known.
        attempt.Committing = true;
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        if (counted)
            _provider.Remember(_opened + Interlocked.Increment(ref _own));
        return result;
    }

    private CatalogContext NewContext()
    {
        var catalog = _provider.NewContext();
        (catalog.Formats, catalog.Format, catalog.Now) = (Formats, _format, _time.GetUtcNow());
        return catalog;
    }

    private async Task TakeFormat(CancellationToken cancellation)
    {
        await using var catalog = NewContext();
        // Only the text: the row itself may be of a format that this build refuses.
        var payload = await catalog
            .Objects.Where(o => o.Uid == StoredCluster.Uid)
            .Select(o => o.Payload)
            .SingleOrDefaultAsync(cancellation)
            .ConfigureAwait(false);
        var format = payload is null
            ? FormatRange.First
            : CatalogJson.Read<StoredCluster>(payload, FormatRange.First).Format;
        if (format > Formats.Newest)
            throw new InputException(
                "format-unreadable",
                $"The cluster stores records in format {format} and this build knows the formats {Formats}; start "
                    + $"the build that the other silos have."
            );
        if (format < Formats.Oldest)
            throw new InputException(
                "format-unreadable",
                $"The cluster stores records in format {format} and this build writes the formats {Formats}; start "
                    + $"an earlier build and run 'comod upgrade' first."
            );
        _format = format;
    }

    private async Task Prepare(CancellationToken cancellation)
    {
        var mark = CatalogMark.None;
        if (await _provider.Examine(cancellation).ConfigureAwait(false))
            mark = await WithTables(tables => tables.Read(cancellation)).ConfigureAwait(false);
        if (_identity is not null)
            await _identity.Check(mark, _provider.Remembered(), cancellation).ConfigureAwait(false);
        await using (var catalog = NewContext())
            await CatalogMigration.Apply(catalog, CancellationToken.None).ConfigureAwait(false);
        await WithTables(async tables =>
            {
                await tables.Make(cancellation).ConfigureAwait(false);
                if (_identity is not null)
                    await _identity.Tie(mark, tables, _provider.Remembered(), cancellation).ConfigureAwait(false);
                _opened = await tables.Writes(cancellation).ConfigureAwait(false);
                return true;
            })
            .ConfigureAwait(false);
        _provider.Remember(_opened);
    }

    private async Task<T> WithTables<T>(Func<MarkTables, Task<T>> work)
    {
        await using var catalog = NewContext();
        await using var transaction = await catalog.Database.BeginTransactionAsync().ConfigureAwait(false);
        var result = await work(Marked(catalog)).ConfigureAwait(false);
        await transaction.CommitAsync().ConfigureAwait(false);
        return result;
    }

    private MarkTables Marked(CatalogContext catalog) =>
        new(
            catalog.Database.GetDbConnection(),
            catalog.Database.CurrentTransaction?.GetDbTransaction(),
            _provider.Mark
        );

    // On the pool: SQLite blocks its caller, which may be a grain's scheduler.
    private async Task<T> Persistently<T>(Func<Attempt, Task<T>> work, CancellationToken cancellation)
    {
        var (start, wait) = (Stopwatch.GetTimestamp(), FirstWait);
        while (true)
        {
            var attempt = new Attempt();
            try
            {
                return await Task.Run(() => work(attempt), cancellation).ConfigureAwait(false);
            }
            catch (Exception e)
                when (!attempt.Committing && Stopwatch.GetElapsedTime(start) < Patience && _provider.IsPassing(e))
            {
                await Task.Delay(wait, cancellation).ConfigureAwait(false);
                wait = wait < LongestWait ? wait * 2 : LongestWait;
            }
            catch (DbUpdateConcurrencyException e)
            {
                throw new CatalogConflictException(e);
            }
            catch (DbUpdateException e) when (e.InnerException is { } inner && _provider.IsDuplicate(inner))
            {
                throw new CatalogConflictException(e);
            }
            catch (Exception e)
                when (e is not (InputException or OperationCanceledException)
                    && StorageFaults.Translate(e) is { } fault
                    && !ReferenceEquals(fault, e)
                )
            {
                throw fault;
            }
        }
    }

    private sealed class Attempt
    {
        public bool Committing { get; set; }
    }
}
