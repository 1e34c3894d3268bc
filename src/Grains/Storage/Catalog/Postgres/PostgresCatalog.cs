using System.Data;
using ComodCluster.Grains.Storage.Catalog.Sqlite;
using ComodCluster.Grains.Storage.Faults;
using ComodCluster.Grains.Storage.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace ComodCluster.Grains.Storage.Catalog.Postgres;

/// <summary>
/// The catalog on a PostgreSQL server, shared by the silos of a cluster. Transactions read what is committed; etags and
/// row locks do the rest.
/// </summary>
internal sealed class PostgresCatalog : ICatalogProvider
{
    // Any number that no other program takes for its advisory locks.
    private const long MigrationLock = 0x636f6d6f64;
    private const int ConnectionsPerSilo = 20,
        CommandSeconds = 10,
        MigrationSeconds = 300;

    private readonly string _connection;
    private readonly DbContextOptions<PostgresCatalogContext> _options;

    /// <param name="connection">Connection string.</param>
    /// <param name="interceptors">None in production.</param>
    public PostgresCatalog(string connection, params IInterceptor[] interceptors)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        if (!settings.ContainsKey("Maximum Pool Size"))
            settings.MaxPoolSize = ConnectionsPerSilo;
        // A server that hangs is found out before the callers' own time is over.
        if (!settings.ContainsKey("Command Timeout"))
            settings.CommandTimeout = CommandSeconds;
        _connection = connection;
        Source = new NpgsqlDataSourceBuilder(settings.ToString()).Build();
        _options = new DbContextOptionsBuilder<PostgresCatalogContext>()
            .UseNpgsql(Source)
            .AddInterceptors([FormatGuard.Instance, .. interceptors])
            .Options;
    }

    /// <summary>The pool of connections.</summary>
    public NpgsqlDataSource Source { get; }

    public bool OneWriter => false;

    public MarkSql Mark => MarkSql.Postgres;

    public CatalogContext NewContext() => new PostgresCatalogContext(_options);

    // The server sees to its own files.
    public Task<bool> Examine(CancellationToken cancellation) => Task.FromResult(true);

    public Task FoldLog(CancellationToken cancellation) => Task.CompletedTask;

    public async Task Alone(Func<Task> work, CancellationToken cancellation)
    {
        try
        {
            await using var holder = await Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            // The lock ends with the transaction, however that ends.
            await using var transaction = await holder.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await using var command = new NpgsqlCommand(
                $"SELECT pg_advisory_xact_lock({MigrationLock})",
                holder,
                transaction
            )
            {
                CommandTimeout = MigrationSeconds,
            };
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            command.CommandText = "SELECT current_setting('transaction_read_only')";
            if (await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is "on")
                throw DatabaseRefusal.ReadOnly(_connection);
            await work().ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is not OperationCanceledException && DatabaseRefusal.Of(e, _connection) is { } refusal)
        {
            throw refusal;
        }
    }

    public async Task CopyTo(string path, CancellationToken cancellation)
    {
        using var file = new SqliteCatalog(path);
        await using var to = file.NewContext();
        await to.Database.MigrateAsync(cancellation).ConfigureAwait(false);
        await using var from = NewContext();
        await using var moment = await from
            .Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation)
            .ConfigureAwait(false);
        await from.Database.ExecuteSqlRawAsync("SET TRANSACTION READ ONLY", cancellation).ConfigureAwait(false);
        await using var written = await to.Database.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await CatalogRows.Copy(from, to, cancellation).ConfigureAwait(false);
        await written.CommitAsync(cancellation).ConfigureAwait(false);
    }

    public bool IsDuplicate(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public bool IsPassing(Exception failure)
    {
        for (Exception? at = failure; at is not null and not OperationCanceledException; at = at.InnerException)
        {
            // The driver takes a full disk for a passing failure.
            if (at is PostgresException { SqlState: PostgresErrorCodes.DiskFull })
                return false;
            if (
                at
                is PostgresException
                    {
                        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
                    }
                    or NpgsqlException { IsTransient: true }
            )
                return true;
        }
        return false;
    }

    public void Dispose() => Source.Dispose();
}
