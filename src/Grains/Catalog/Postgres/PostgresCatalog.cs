using System.Net.Sockets;
using ComodCluster.Engine;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace ComodCluster.Grains.Catalog.Postgres;

/// <summary>The catalog on a PostgreSQL server, shared by the silos of a cluster. Transactions read what is committed; etags and row locks do the rest.</summary>
internal sealed class PostgresCatalog : ICatalogProvider
{
    // Any number that no other program takes for its advisory locks.
    private const long MigrationLock = 0x636f6d6f64;
    private const int ConnectionsPerSilo = 20, CommandSeconds = 10, MigrationSeconds = 300;

    private readonly string _place;
    private readonly DbContextOptions<PostgresCatalogContext> _options;

    /// <param name="connection">Connection string.</param>
    /// <param name="interceptors">None in production.</param>
    public PostgresCatalog(string connection, params IInterceptor[] interceptors)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        if (!settings.ContainsKey("Maximum Pool Size")) settings.MaxPoolSize = ConnectionsPerSilo;
        // A server that hangs is found out before the callers' own time is over.
        if (!settings.ContainsKey("Command Timeout")) settings.CommandTimeout = CommandSeconds;
        _place = $"'{settings.Database}' on {settings.Host}:{settings.Port}";
        Source = new NpgsqlDataSourceBuilder(settings.ToString()).Build();
        _options = new DbContextOptionsBuilder<PostgresCatalogContext>().UseNpgsql(Source).AddInterceptors([FormatGuard.Instance, .. interceptors]).Options;
    }

    /// <summary>The pool of connections.</summary>
    public NpgsqlDataSource Source { get; }

    public bool OneWriter => false;

    public CatalogContext NewContext() => new PostgresCatalogContext(_options);

    public async Task Alone(Func<Task> work, CancellationToken cancellation)
    {
        try
        {
            await using var holder = await Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            // The lock ends with the transaction, however that ends.
            await using var transaction = await holder.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await using var command = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({MigrationLock})", holder, transaction) { CommandTimeout = MigrationSeconds };
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            await work().ConfigureAwait(false);
        }
        catch (NpgsqlException e) when (Refusal(e) is { } refusal)
        {
            throw refusal;
        }
    }

    public bool IsDuplicate(Exception failure) => failure is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public bool IsPassing(Exception failure)
    {
        for (Exception? at = failure; at is not null and not OperationCanceledException; at = at.InnerException)
        {
            // The driver takes a full disk for a passing failure.
            if (at is PostgresException { SqlState: PostgresErrorCodes.DiskFull }) return false;
            if (at is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } or NpgsqlException { IsTransient: true })
                return true;
        }
        return false;
    }

    public void Dispose() => Source.Dispose();

    /// <summary>What an operator must mend; null for what passes.</summary>
    private InputException? Refusal(NpgsqlException failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused => new("database-refused",
            $"The database {_place} refuses the login ({refused.MessageText}); correct user and password in Comod:Database.", refused),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing => new("database-refused",
            $"There is no database {_place}; create it, or name another one in Comod:Database.", missing),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } forbidden => new("database-refused",
            $"The user of the database {_place} may not do what the silo needs ({forbidden.MessageText}); grant it the right to create tables.", forbidden),
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } } => new("database-unreachable",
            $"The server of the database {_place} has no address; correct the host in Comod:Database.", failure),
        { InnerException: SocketException or TimeoutException or IOException } => new("database-unreachable",
            $"The database {_place} cannot be reached ({failure.InnerException!.Message.TrimEnd('.')}); start it, or correct host and port in Comod:Database.", failure),
        _ => null,
    };
}
