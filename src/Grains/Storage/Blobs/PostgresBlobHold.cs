using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Faults;
using Npgsql;

namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>
/// For blobs that several silos share: an advisory lock of their database, which ends with the connection of the silo
/// that holds it.
/// </summary>
internal sealed class PostgresBlobHold(NpgsqlDataSource source) : IBlobHold
{
    // Two numbers that no other program takes together for its advisory locks.
    private const int First = 0x636f6d6f,
        Second = 0x68656c64;

    public async ValueTask<IAsyncDisposable?> TryTake(CancellationToken cancellation)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            if (
                await Ask(connection, $"SELECT pg_try_advisory_lock({First}, {Second})", cancellation)
                    .ConfigureAwait(false)
            )
                return new Taken(connection);
            await connection.DisposeAsync().ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
            if (Fault(e) is { } fault)
                throw fault;
            throw;
        }
    }

    // Looks without taking, so that it is in nobody's way.
    public async ValueTask<bool> IsTaken(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            return await Ask(
                    connection,
                    "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
                        + "WHERE datname = current_database() AND locktype = 'advisory' AND granted AND objsubid = 2 "
                        + $"AND classid = {First} AND objid = {Second})",
                    cancellation
                )
                .ConfigureAwait(false);
        }
        catch (Exception e) when (Fault(e) is { } fault)
        {
            throw fault;
        }
    }

    private static async Task<bool> Ask(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true;
    }

    private static ComodException? Fault(Exception e) =>
        e is OperationCanceledException ? null : StorageFaults.Translate(e);

    private sealed class Taken(NpgsqlConnection connection) : IAsyncDisposable
    {
        // A pooled connection would take the lock along.
        public async ValueTask DisposeAsync()
        {
            try
            {
                await Ask(connection, $"SELECT pg_advisory_unlock({First}, {Second})", CancellationToken.None)
                    .ConfigureAwait(false);
            }
            catch (NpgsqlException)
            {
                // It broke, and has lost the lock.
            }
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
