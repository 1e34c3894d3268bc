using System.Text;
using ComodCluster.Engine;
using ComodCluster.Grains.Blobs;
using Npgsql;

namespace ComodCluster.Grains.Hosting;

/// <summary>
/// Sees that a silo, its database and its folder of blobs belong together. The database names its cluster and a mark; a file in the folder has the same mark.
/// The first silo writes both, so that no other one serves from a folder that is not mounted, or sweeps the blobs of another cluster away.
/// </summary>
internal sealed class ClusterIdentity(string cluster, DataDirectory directory, string connection)
{
    public const string FileName = "comod-cluster";

    private readonly DiskFiles _files = new();

    private string MarkPath => Path.Combine(directory.Blobs, FileName);

    /// <summary>Within a transaction that no other silo runs at the same time; the caller commits it.</summary>
    /// <exception cref="InputException"><c>cluster-mismatch</c>, <c>blobs-mismatch</c>, <c>database-refused</c>, <c>directory-unwritable</c>.</exception>
    public async Task Check(NpgsqlConnection holder, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        if (await Ask("SELECT current_setting('transaction_read_only')").ConfigureAwait(false) == "on") throw DatabaseRefusal.ReadOnly(connection);
        // Asked first: a user who may not create tables can use those that are there.
        if (await Ask("SELECT to_regclass('comod_cluster')::text").ConfigureAwait(false) is null) await Run("CREATE TABLE comod_cluster (id text PRIMARY KEY, blobs text)").ConfigureAwait(false);
        else if (await Ask("SELECT attname::text FROM pg_attribute WHERE attrelid = 'comod_cluster'::regclass AND attname = 'blobs'").ConfigureAwait(false) is null)
            await Run("ALTER TABLE comod_cluster ADD COLUMN blobs text").ConfigureAwait(false);
        var id = await Ask("SELECT id FROM comod_cluster").ConfigureAwait(false);
        if (id is not null && id != cluster)
            throw new InputException("cluster-mismatch", $"The database belongs to the cluster '{id}', not to '{cluster}'; set Comod:Cluster:Id={id}, or use another database.");
        var mark = Mark(await Ask("SELECT blobs FROM comod_cluster").ConfigureAwait(false));
        await Run("INSERT INTO comod_cluster (id, blobs) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET blobs = $2 WHERE comod_cluster.blobs IS NULL", cluster, mark).ConfigureAwait(false);

        async Task Run(string sql, params string[] values)
        {
            await using var command = new NpgsqlCommand(sql, holder, transaction);
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        async Task<string?> Ask(string sql)
        {
            await using var command = new NpgsqlCommand(sql, holder, transaction);
            return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as string;
        }
    }

    /// <summary>The mark that database and folder have from now on.</summary>
    /// <param name="stored">The database's; null before the first silo.</param>
    private string Mark(string? stored)
    {
        try
        {
            var found = File.Exists(MarkPath) ? File.ReadAllText(MarkPath).Trim() : null;
            if (stored is not null)
            {
                if (found == stored) return stored;
                throw Mismatch(found is null
                    ? $"its file {FileName}, which says '{stored}', is missing; mount the folder that the other silos use, or correct Comod:Blobs"
                    : $"its file {FileName} says '{found}' and the database '{stored}'; correct Comod:Blobs or Comod:Database");
            }
            // A silo that ended between the file and the commit leaves a mark, but no blob.
            if (found is not null && HasBlobs()) throw Mismatch($"it has blobs of another one; name a new folder in Comod:Blobs, or the database of these blobs in Comod:Database");
            return found ?? Write(Guid.NewGuid().ToString("n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException("directory-unwritable",
                $"The folder of the blobs '{directory.Blobs}' cannot be used ({e.Message.TrimEnd('.')}); check its mount and its permissions, or name another one in Comod:Blobs.", e);
        }
    }

    private string Write(string mark)
    {
        var draft = Path.Combine(directory.Temporary, FileName);
        _files.Delete(draft);
        using (var file = _files.Create(draft))
        {
            file.Write(Encoding.ASCII.GetBytes(mark + "\n"));
            _files.Sync(file);
        }
        _files.Move(draft, MarkPath);
        return mark;
    }

    // A folder whose name begins with a dot is no tenant's.
    private bool HasBlobs() => Directory.EnumerateDirectories(directory.Blobs).Any(d => Path.GetFileName(d)[0] != '.' && _files.All(d).Any());

    private InputException Mismatch(string how) => new("blobs-mismatch", $"The folder of the blobs '{directory.Blobs}' is not the one of this cluster: {how}.");
}
