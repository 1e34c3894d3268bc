using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Faults;
using Npgsql;

namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>
/// For blobs that several silos share: advisory locks of their database, which end with the connection that holds them.
/// </summary>
public sealed class PostgresBlobLocks(NpgsqlDataSource source) : IBlobLocks
{
    /// <exception cref="ComodException">storage-unavailable.</exception>
    public async ValueTask<IAsyncDisposable> Take(BlobAddress blob, CancellationToken cancellation)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection, transaction)
            {
                Parameters = { new() { Value = Key(blob) } },
            };
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            return new Held(connection, transaction);
        }
        catch (Exception e)
        {
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
            if (e is not OperationCanceledException && StorageFaults.Translate(e) is { } fault)
                throw fault;
            throw;
        }
    }

    private static long Key(BlobAddress blob) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{blob.Tenant}/{blob.Digest}")));

    private sealed class Held(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        // Rolling back gives the lock back; a connection that broke has lost it already.
        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
