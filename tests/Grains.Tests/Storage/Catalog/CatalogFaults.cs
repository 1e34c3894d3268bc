using System.Data.Common;
using ComodCluster.Engine.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace ComodCluster.Grains.Tests.Storage.Catalog;

/// <summary>
/// Breaks the conversation with a real database now and then, as a seed says: a command fails before it runs; a commit
/// fails before it took effect, or after.
/// The exceptions are those that the driver throws.
/// </summary>
internal sealed class CatalogFaults(ulong seed, Func<int, Exception> failure)
    : DbCommandInterceptor,
        IDbTransactionInterceptor
{
    private const double OfCommands = 0.05,
        OfCommits = 0.15;
    private const ulong Commands = 0,
        Commits = 1,
        Kinds = 2;

    private long _commands,
        _commits,
        _faults;

    /// <summary>Commands and commits that failed.</summary>
    public long Count => Interlocked.Read(ref _faults);

    /// <summary>Failed commits that took effect all the same.</summary>
    public long Lost { get; private set; }

    public static CatalogFaults OfPostgres(ulong seed) =>
        new(
            seed,
            kind =>
                kind switch
                {
                    0 => new NpgsqlException("Exception while reading from stream", new IOException("Broken pipe")),
                    1 => new PostgresException(
                        "deadlock detected",
                        "ERROR",
                        "ERROR",
                        PostgresErrorCodes.DeadlockDetected
                    ),
                    _ => new PostgresException(
                        "terminating connection due to administrator command",
                        "FATAL",
                        "FATAL",
                        PostgresErrorCodes.AdminShutdown
                    ),
                }
        );

    public static CatalogFaults OfSqlite(ulong seed) =>
        new(
            seed,
            kind =>
                kind switch
                {
                    0 => new SqliteException("SQLite Error 5: 'database is locked'.", 5),
                    1 => new SqliteException("SQLite Error 10: 'disk I/O error'.", 10),
                    _ => new SqliteException("SQLite Error 14: 'unable to open database file'.", 14),
                }
        );

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result
    ) => Break(result);

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<object> result
    ) => Break(result);

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result
    ) => Break(result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    ) => new(Break(result));

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<object> result,
        CancellationToken cancellationToken = default
    ) => new(Break(result));

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    ) => new(Break(result));

    public async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction,
        TransactionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default
    )
    {
        var draw = Draw(Commits, ref _commits);
        if (draw >= OfCommits)
            return result;
        if (draw < OfCommits / 2)
        {
            await transaction.CommitAsync(cancellationToken);
            Lost++;
        }
        throw Failure();
    }

    private T Break<T>(T result) => Draw(Commands, ref _commands) < OfCommands ? throw Failure() : result;

    private double Draw(ulong stream, ref long counter) =>
        CounterRandom.Uniform(seed, stream, (ulong)Interlocked.Increment(ref counter));

    private Exception Failure() =>
        failure(CounterRandom.Below(3, seed, Kinds, (ulong)Interlocked.Increment(ref _faults)));
}
