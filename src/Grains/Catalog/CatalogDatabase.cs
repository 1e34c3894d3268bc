using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ComodCluster.Grains.Catalog;

/// <summary>The catalog on SQLite: brought to this program's schema at its first use, one writer at a time.</summary>
public sealed class CatalogDatabase : IDisposable
{
    private const int SqliteConstraint = 19;

    private readonly DbContextOptions<CatalogContext> _options;
    private readonly string _connection;
    private readonly SemaphoreSlim _writer = new(1);
    private volatile bool _open;

    /// <param name="interceptors">Beside the catalog's own; none in production.</param>
    public CatalogDatabase(DataDirectory directory, IEnumerable<IInterceptor> interceptors)
    {
        _connection = new SqliteConnectionStringBuilder { DataSource = directory.Catalog, DefaultTimeout = 10 }.ToString();
        _options = new DbContextOptionsBuilder<CatalogContext>()
            .UseSqlite(_connection)
            .AddInterceptors([new DurableConnection(), .. interceptors])
            .Options;
    }

    /// <summary>Applies the migrations that are missing; later calls do nothing.</summary>
    /// <exception cref="InputException"><c>catalog-newer</c>: a later program wrote the catalog.</exception>
    /// <exception cref="ComodException">storage-full, storage-unavailable.</exception>
    public Task Open(CancellationToken cancellation) => Exclusively(_ => Task.FromResult(true), cancellation);

    /// <summary>Runs a query on the pool, beside the writer.</summary>
    /// <exception cref="ComodException">storage-unavailable.</exception>
    public async Task<T> Read<T>(Func<CatalogContext, CancellationToken, Task<T>> query, CancellationToken cancellation)
    {
        if (!_open) await Open(cancellation).ConfigureAwait(false);
        return await OnPool(async () =>
        {
            await using var catalog = new CatalogContext(_options);
            catalog.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
            return await query(catalog, cancellation).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Runs a change in one transaction: when it returns, the change is on the disk; when it throws, nothing has changed.</summary>
    /// <exception cref="CatalogConflictException">An etag or a key did not hold.</exception>
    /// <exception cref="ComodException">storage-full, storage-unavailable, or what <paramref name="change"/> throws.</exception>
    public Task<T> Write<T>(Func<CatalogContext, CancellationToken, Task<T>> change, CancellationToken cancellation) =>
        Exclusively(async catalog =>
        {
            await using var transaction = await catalog.Database.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            var result = await change(catalog, cancellation).ConfigureAwait(false);
            await catalog.SaveChangesAsync(cancellation).ConfigureAwait(false);
            // A commit that was begun is finished: its outcome must be known.
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            return result;
        }, cancellation);

    public void Dispose()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
        _writer.Dispose();
    }

    private async Task<T> Exclusively<T>(Func<CatalogContext, Task<T>> work, CancellationToken cancellation)
    {
        await _writer.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await OnPool(async () =>
            {
                await using var catalog = new CatalogContext(_options);
                if (!_open)
                {
                    await CatalogMigration.Apply(catalog, cancellation).ConfigureAwait(false);
                    _open = true;
                }
                return await work(catalog).ConfigureAwait(false);
            }, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }

    // SQLite blocks its caller, so nothing of it runs on a grain's scheduler.
    private static async Task<T> OnPool<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(work, cancellation).ConfigureAwait(false);
        }
        catch (DbUpdateConcurrencyException e)
        {
            throw new CatalogConflictException(e);
        }
        catch (DbUpdateException e) when (e.InnerException is SqliteException { SqliteErrorCode: SqliteConstraint })
        {
            throw new CatalogConflictException(e);
        }
        catch (Exception e) when (StorageFaults.Translate(e) is { } fault && !ReferenceEquals(fault, e))
        {
            throw fault;
        }
    }
}
