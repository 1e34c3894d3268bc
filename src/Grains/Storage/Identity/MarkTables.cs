using System.Data.Common;
using System.Globalization;

namespace ComodCluster.Grains.Storage.Identity;

/// <summary>
/// The tables of a catalog that say whose it is and count its writes. They are made without a migration: an earlier
/// build that does not know them can use the catalog, and only does not count.
/// </summary>
internal sealed class MarkTables(DbConnection connection, DbTransaction? transaction, MarkSql sql)
{
    // Transactions that write at the same time count in rows of their own, so that none waits for another one's end.
    private const int Slots = 64;

    public async Task<CatalogMark> Read(CancellationToken cancellation)
    {
        var (id, blobs) = (
            await Has("comod_cluster", "id", cancellation).ConfigureAwait(false)
                ? await Ask("SELECT id FROM comod_cluster", cancellation).ConfigureAwait(false)
                : null,
            await Has("comod_cluster", "blobs", cancellation).ConfigureAwait(false)
                ? await Ask("SELECT blobs FROM comod_cluster", cancellation).ConfigureAwait(false)
                : null
        );
        var counts = await Has("comod_writes", "slot", cancellation).ConfigureAwait(false);
        var last = counts
            ? await Ask("SELECT max(last) FROM comod_writes", cancellation).ConfigureAwait(false) as string
            : null;
        var isEmpty =
            !await Has("objects", "uid", cancellation).ConfigureAwait(false)
            || await Ask("SELECT uid FROM objects LIMIT 1", cancellation).ConfigureAwait(false) is null;
        return new(
            id as string,
            blobs as string,
            counts ? await Writes(cancellation).ConfigureAwait(false) : 0,
            last is null ? null : DateTimeOffset.Parse(last, CultureInfo.InvariantCulture),
            isEmpty
        );
    }

    /// <summary>Makes what is missing.</summary>
    public async Task Make(CancellationToken cancellation)
    {
        // Asked first: a user who may not create tables can use those that are there.
        if (!await Has("comod_cluster", "id", cancellation).ConfigureAwait(false))
            await Run("CREATE TABLE comod_cluster (id text PRIMARY KEY, blobs text)", cancellation)
                .ConfigureAwait(false);
        else if (!await Has("comod_cluster", "blobs", cancellation).ConfigureAwait(false))
            await Run("ALTER TABLE comod_cluster ADD COLUMN blobs text", cancellation).ConfigureAwait(false);
        if (await Has("comod_writes", "slot", cancellation).ConfigureAwait(false))
            return;
        var slots = string.Join(", ", Enumerable.Range(0, Slots).Select(slot => $"({slot}, 0)"));
        await Run(
                "CREATE TABLE comod_writes (slot integer PRIMARY KEY, count bigint NOT NULL, last text); "
                    + $"INSERT INTO comod_writes (slot, count) VALUES {slots}",
                cancellation
            )
            .ConfigureAwait(false);
    }

    /// <summary>Names cluster and blobs, where nothing does yet.</summary>
    public Task Name(string cluster, string blobs, CancellationToken cancellation) =>
        Run(
            "INSERT INTO comod_cluster (id, blobs) VALUES (@cluster, @blobs) ON CONFLICT (id) DO UPDATE SET blobs = "
                + "@blobs WHERE comod_cluster.blobs IS NULL",
            cancellation,
            ("@cluster", cluster),
            ("@blobs", blobs)
        );

    /// <returns>Whether this write was counted.</returns>
    public async Task<bool> Count(DateTimeOffset now, CancellationToken cancellation) =>
        await Run(
                $"UPDATE comod_writes SET count = count + 1, last = @now WHERE slot = ({sql.FreeSlot})",
                cancellation,
                ("@now", now.ToString("O", CultureInfo.InvariantCulture))
            )
            .ConfigureAwait(false) == 1;

    public async Task<long> Writes(CancellationToken cancellation) =>
        Convert.ToInt64(
            await Ask("SELECT sum(count) FROM comod_writes", cancellation).ConfigureAwait(false),
            CultureInfo.InvariantCulture
        );

    public Task Add(long writes, CancellationToken cancellation) =>
        Run("UPDATE comod_writes SET count = count + @writes WHERE slot = 0", cancellation, ("@writes", writes));

    private async Task<bool> Has(string table, string column, CancellationToken cancellation) =>
        await Ask(sql.HasColumn, cancellation, ("@table", table), ("@column", column)).ConfigureAwait(false)
            is not null;

    private async Task<int> Run(
        string statement,
        CancellationToken cancellation,
        params (string Name, object Value)[] values
    )
    {
        await using var command = Command(statement, values);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<object?> Ask(
        string query,
        CancellationToken cancellation,
        params (string Name, object Value)[] values
    )
    {
        await using var command = Command(query, values);
        var answer = await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
        return answer is DBNull ? null : answer;
    }

    private DbCommand Command(string text, (string Name, object Value)[] values)
    {
        var command = connection.CreateCommand();
        // Constant texts of this class; values are parameters.
#pragma warning disable CA2100
        command.CommandText = text;
#pragma warning restore CA2100
        command.Transaction = transaction;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
