using ComodCluster.Engine;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Faults;
using Npgsql;

namespace ComodCluster.Grains.Storage.Identity;

/// <summary>
/// Sees that a silo, its database and its folder of blobs belong together. The database names its cluster and a mark; a
/// file in the folder has the same mark.
/// The first silo writes both, so that no other one serves from a folder that is not mounted, or sweeps the blobs of
/// another cluster away.
/// </summary>
internal sealed class ClusterIdentity(string cluster, IBlobDepot depot, string connection)
{
    /// <summary>Within a transaction that no other silo runs at the same time; the caller commits it.</summary>
    /// <exception cref="InputException"><c>cluster-mismatch</c>, <c>blobs-mismatch</c>, <c>database-refused</c>,
    /// <c>directory-unwritable</c>.</exception>
    public async Task Check(NpgsqlConnection holder, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        if (await Ask("SELECT current_setting('transaction_read_only')").ConfigureAwait(false) == "on")
            throw DatabaseRefusal.ReadOnly(connection);
        // Asked first: a user who may not create tables can use those that are there.
        if (await Ask("SELECT to_regclass('comod_cluster')::text").ConfigureAwait(false) is null)
            await Run("CREATE TABLE comod_cluster (id text PRIMARY KEY, blobs text)").ConfigureAwait(false);
        else if (
            await Ask(
                    "SELECT attname::text FROM pg_attribute WHERE attrelid = 'comod_cluster'::regclass AND attname "
                        + "= 'blobs'"
                )
                .ConfigureAwait(false)
            is null
        )
            await Run("ALTER TABLE comod_cluster ADD COLUMN blobs text").ConfigureAwait(false);
        var id = await Ask("SELECT id FROM comod_cluster").ConfigureAwait(false);
        if (id is not null && id != cluster)
            throw new InputException(
                "cluster-mismatch",
                $"The database belongs to the cluster '{id}', not to '{cluster}'; set Comod:Cluster:Id={id}, or use "
                    + $"another database."
            );
        var mark = await Mark(await Ask("SELECT blobs FROM comod_cluster").ConfigureAwait(false), cancellation)
            .ConfigureAwait(false);
        await Run(
                "INSERT INTO comod_cluster (id, blobs) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET blobs = $2 "
                    + "WHERE comod_cluster.blobs IS NULL",
                cluster,
                mark
            )
            .ConfigureAwait(false);

        async Task Run(string sql, params string[] values)
        {
            await using var command = new NpgsqlCommand(sql, holder, transaction);
            foreach (var value in values)
                command.Parameters.Add(new() { Value = value });
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        async Task<string?> Ask(string sql)
        {
            await using var command = new NpgsqlCommand(sql, holder, transaction);
            return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as string;
        }
    }

    /// <summary>The mark that database and blobs have from now on.</summary>
    /// <param name="stored">The database's; null before the first silo.</param>
    private async Task<string> Mark(string? stored, CancellationToken cancellation)
    {
        try
        {
            var found = await depot.ReadMark(cancellation).ConfigureAwait(false);
            if (stored is not null)
            {
                if (found == stored)
                    return stored;
                throw Mismatch(
                    found is null
                        ? $"its file {DirectoryDepot.MarkName}, which says '{stored}', is missing; mount the folder "
                            + $"that the other silos use, or correct Comod:Blobs"
                        : $"its file {DirectoryDepot.MarkName} says '{found}' and the database '{stored}'; correct "
                            + $"Comod:Blobs or Comod:Database"
                );
            }
            // A silo that ended between the file and the commit leaves a mark, but no blob.
            if (found is not null && await depot.All(cancellation).AnyAsync(cancellation).ConfigureAwait(false))
                throw Mismatch(
                    "it has blobs of another one; name a new place in Comod:Blobs, or the database of these blobs "
                        + "in Comod:Database"
                );
            if (found is not null)
                return found;
            var mark = Guid.NewGuid().ToString("n");
            await depot.WriteMark(mark, cancellation).ConfigureAwait(false);
            return mark;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                "directory-unwritable",
                $"The {depot.Place} cannot be used ({e.Message.TrimEnd('.')}); check its mount and its permissions, "
                    + $"or name another one in Comod:Blobs.",
                e
            );
        }
    }

    private InputException Mismatch(string how) =>
        new("blobs-mismatch", $"The {depot.Place} is not the one of this cluster: {how}.");
}
