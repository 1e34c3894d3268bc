using System.Globalization;
using ComodCluster.Engine;
using ComodCluster.Grains.Storage.Blobs;

namespace ComodCluster.Grains.Storage.Identity;

/// <summary>
/// Sees that a silo, its catalog and its blobs belong together, and that the catalog has all writes that it had. The
/// catalog names its cluster and a mark, and counts its writes; a file beside the blobs has the same mark, another one
/// remembers the count. So no silo serves from a folder that is not mounted or from a catalog that lost writes, or
/// sweeps the blobs of another cluster away.
/// </summary>
/// <param name="cluster">Id of the cluster.</param>
/// <param name="accepted">The number of a refusal that an operator accepts; null: none.</param>
internal sealed class ClusterIdentity(string cluster, IBlobDepot depot, long? accepted, TimeProvider time)
{
    /// <summary>File beside the blobs that has the mark.</summary>
    public const string MarkName = "comod-cluster";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Whether a catalog may be used; while no other silo starts.</summary>
    /// <exception cref="InputException"><c>cluster-mismatch</c>, <c>blobs-mismatch</c>, <c>catalog-behind</c>,
    /// <c>directory-unwritable</c>.</exception>
    /// <param name="near">What was remembered beside the catalog; null: nothing.</param>
    public async Task Check(CatalogMark catalog, SeenWrites? near, CancellationToken cancellation)
    {
        if (catalog.Cluster is { } id && id != cluster)
            throw new InputException(
                "cluster-mismatch",
                $"The database belongs to the cluster '{id}', not to '{cluster}'; set Comod:Cluster:Id={id}, or use "
                    + $"another database."
            );
        await OnDepot(() => Compare(catalog, near, cancellation)).ConfigureAwait(false);
    }

    /// <summary>Marks catalog and blobs as belonging together; after <see cref="Check"/>.</summary>
    /// <inheritdoc cref="Check"/>
    public Task Tie(CatalogMark catalog, MarkTables tables, SeenWrites? near, CancellationToken cancellation) =>
        OnDepot(async () =>
        {
            var seen = await Seen(near, cancellation).ConfigureAwait(false);
            var mark = catalog.Blobs ?? await depot.ReadNote(MarkName, cancellation).ConfigureAwait(false);
            if (mark is null)
            {
                mark = Guid.NewGuid().ToString("n");
                // Before the catalog's: a silo that ends in between leaves a mark, but no blob.
                await depot.WriteNote(MarkName, mark, cancellation).ConfigureAwait(false);
            }
            await tables.Name(cluster, mark, cancellation).ConfigureAwait(false);
            var writes = await tables.Writes(cancellation).ConfigureAwait(false);
            if (seen is not { Lost: 0 } || seen.Writes > writes)
            {
                // Beyond what was seen, so that the number that accepted this loss accepts no other one.
                var beyond = Math.Max(seen?.Writes ?? 0, writes) + 1;
                await tables.Add(beyond - writes, cancellation).ConfigureAwait(false);
                writes = beyond;
            }
            if (seen is not { Lost: 0 } || seen.Writes != writes)
                await depot
                    .WriteNote(SeenWrites.FileName, new SeenWrites(writes, time.GetUtcNow()).ToText(), cancellation)
                    .ConfigureAwait(false);
        });

    private async Task Compare(CatalogMark catalog, SeenWrites? near, CancellationToken cancellation)
    {
        var found = await depot.ReadNote(MarkName, cancellation).ConfigureAwait(false);
        if (catalog.Blobs is { } mark && found != mark)
            throw Mismatch(
                found is null
                    ? $"its file {MarkName}, which says '{mark}', is missing; mount the folder that the other silos "
                        + $"use, or correct Comod:Blobs"
                    : $"its file {MarkName} says '{found}' and the database '{mark}'; correct Comod:Blobs or "
                        + $"Comod:Database"
            );
        var seen = await Seen(near, cancellation).ConfigureAwait(false);
        if ((seen?.Writes ?? 0) == accepted)
            return;
        if (
            catalog.Blobs is null
            && (found is not null || catalog.IsEmpty)
            && (
                seen?.Writes > catalog.Writes
                || await depot.All(cancellation).AnyAsync(cancellation).ConfigureAwait(false)
            )
        )
            throw Another(catalog, seen);
        if (seen is { Lost: > 0 } || seen?.Writes > catalog.Writes)
            throw Behind(catalog, seen);
    }

    private InputException Another(CatalogMark catalog, SeenWrites? seen) =>
        new(
            "catalog-behind",
            $"The {depot.Place} has blobs of another one"
                + (seen is null ? "" : string.Create(Culture, $", which had {seen.Writes} writes by {seen.At:u}"))
                + (catalog.IsEmpty ? ", and this catalog is empty" : ", and this catalog is none that they had")
                + ": put their own catalog back, restore a backup with 'comod restore', name a new place in "
                + $"Comod:Blobs, or accept that theirs is lost with --accept-lost-writes {seen?.Writes ?? 0}."
        );

    private static InputException Behind(CatalogMark catalog, SeenWrites seen)
    {
        var missing = Math.Max(seen.Lost, seen.Writes - catalog.Writes);
        return new(
            "catalog-behind",
            string.Create(
                Culture,
                $"The catalog has lost {missing} of the {seen.Writes} writes that it had by {seen.At:u}"
            )
                + (catalog.LastWrite is { } last ? $" (its last one is of {last:u})" : "")
                + $": put its latest state back, restore a backup with 'comod restore', or accept the loss with "
                + $"--accept-lost-writes {seen.Writes}."
        );
    }

    private async Task<SeenWrites?> Seen(SeenWrites? near, CancellationToken cancellation)
    {
        if (await depot.ReadNote(SeenWrites.FileName, cancellation).ConfigureAwait(false) is not { } text)
            return near;
        var seen =
            SeenWrites.Parse(text)
            ?? throw Mismatch(
                $"its file {SeenWrites.FileName} cannot be read; delete it if you know that the catalog has lost "
                    + "nothing"
            );
        return near?.Writes > seen.Writes ? seen with { Writes = near.Writes, At = near.At } : seen;
    }

    private async Task OnDepot(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
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
