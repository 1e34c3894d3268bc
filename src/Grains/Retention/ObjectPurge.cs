using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Retention;

/// <summary>
/// Deletes the tombstones of objects that were deleted long ago: versions first, then the row, which is found again
/// where that was cut short. A tombstone outlives its jobs, whose ids it says to be free.
/// </summary>
internal sealed class ObjectPurge(CatalogDatabase catalog, RetentionInstruments instruments)
{
    /// <summary>Tombstones of earlier builds do not say when they were deleted: from now on they do.</summary>
    public async Task StampOlder(CancellationToken cancellation)
    {
        while (true)
        {
            var uids = await catalog
                .Read(
                    (rows, stop) => Unstamped(rows).Select(o => o.Uid).Take(CatalogPurge.RowsAtOnce).ToListAsync(stop),
                    cancellation
                )
                .ConfigureAwait(false);
            if (uids.Count == 0)
                return;
            await catalog
                .Write(
                    async (rows, stop) =>
                    {
                        foreach (
                            var row in await Unstamped(rows)
                                .Where(o => uids.Contains(o.Uid))
                                .ToListAsync(stop)
                                .ConfigureAwait(false)
                        )
                        {
                            row.Payload = DeletionTime.In(row.Payload, rows.Now);
                            row.Etag++;
                        }
                        return uids.Count;
                    },
                    cancellation
                )
                .ConfigureAwait(false);
        }
    }

    /// <returns>How many objects and versions were deleted.</returns>
    public async Task<(int Objects, int Versions)> Purge(
        DateTimeOffset deletedBefore,
        Leftovers leftovers,
        CancellationToken cancellation
    )
    {
        var limit = CatalogJson.Text(deletedBefore);
        var withJobs = await catalog.Read(SubjectsOfJobs, cancellation).ConfigureAwait(false);
        var (objects, versions, last) = (0, 0, "");
        while (true)
        {
            var page = await catalog
                .Read((rows, stop) => Page(rows, limit, last, stop), cancellation)
                .ConfigureAwait(false);
            if (page.Count == 0)
                return (objects, versions);
            last = page[^1].Uid;
            var gone = new List<Tombstone>();
            foreach (var tombstone in page)
                if (
                    !withJobs.Contains(tombstone.Uid)
                    && !await leftovers.Have(tombstone.Blobs, cancellation).ConfigureAwait(false)
                )
                    gone.Add(tombstone);
            foreach (var some in gone.SelectMany(t => t.Versions).Chunk(CatalogPurge.RowsAtOnce))
                versions += await DeleteVersions(some, cancellation).ConfigureAwait(false);
            objects += await DeleteObjects(gone, cancellation).ConfigureAwait(false);
        }
    }

    private static IQueryable<ObjectRow> Unstamped(CatalogContext rows) =>
        rows.Objects.Where(o =>
            o.Phase == ObjectPhase.Deleted && CatalogContext.JsonText(o.Payload, DeletionTime.Member) == null
        );

    /// <summary>Uids of tombstones that have jobs; jobs have no index by their subject, and are looked at
    /// once.</summary>
    private static async Task<HashSet<string>> SubjectsOfJobs(CatalogContext rows, CancellationToken cancellation) =>
        await rows
            .Jobs.Where(j => rows.Objects.Any(o => o.Uid == j.SubjectUid && o.Phase == ObjectPhase.Deleted))
            .Select(j => j.SubjectUid)
            .Distinct()
            .AsAsyncEnumerable()
            .ToHashSetAsync(cancellationToken: cancellation)
            .ConfigureAwait(false);

    private static async Task<List<Tombstone>> Page(
        CatalogContext rows,
        string limit,
        string after,
        CancellationToken cancellation
    )
    {
        var objects = await rows
            .Objects.Where(o =>
                o.Phase == ObjectPhase.Deleted
                && string.Compare(o.Uid, after) > 0
                && string.Compare(CatalogContext.JsonText(o.Payload, DeletionTime.Member), limit) < 0
            )
            .OrderBy(o => o.Uid)
            .Select(o => new
            {
                o.Uid,
                o.Tenant,
                o.Blob,
            })
            .Take(CatalogPurge.RowsAtOnce)
            .ToListAsync(cancellation)
            .ConfigureAwait(false);
        var uids = objects.Select(o => o.Uid).ToList();
        var versions = (
            await rows
                .Versions.Where(v => uids.Contains(v.TaskUid))
                .OrderBy(v => v.Number)
                .Select(v => new TombstoneVersion(v.TaskUid, v.Number, v.Digest))
                .ToListAsync(cancellation)
                .ConfigureAwait(false)
        ).ToLookup(v => v.Task);
        return
        [
            .. objects.Select(o => new Tombstone(
                o.Uid,
                [.. versions[o.Uid]],
                [
                    .. versions[o.Uid]
                        .Select(v => v.Digest)
                        .Concat(o.Blob is { } blob ? [blob] : [])
                        .Select(digest => new BlobAddress(new(o.Tenant), digest)),
                ]
            )),
        ];
    }

    /// <param name="some">Of each task the lowest numbers that there are.</param>
    private async Task<int> DeleteVersions(TombstoneVersion[] some, CancellationToken cancellation)
    {
        var deleted = await catalog
            .Write(
                async (rows, stop) =>
                {
                    var count = 0;
                    foreach (var ofTask in some.GroupBy(v => v.Task))
                    {
                        var last = ofTask.Max(v => v.Number);
                        count += await rows
                            .Versions.Where(v => v.TaskUid == ofTask.Key && v.Number <= last)
                            .ExecuteDeleteAsync(stop)
                            .ConfigureAwait(false);
                    }
                    return count;
                },
                cancellation
            )
            .ConfigureAwait(false);
        instruments.VersionsPurged(deleted);
        return deleted;
    }

    private async Task<int> DeleteObjects(IReadOnlyList<Tombstone> gone, CancellationToken cancellation)
    {
        if (gone.Count == 0)
            return 0;
        var uids = gone.Select(t => t.Uid).ToList();
        var deleted = await catalog
            .Write(
                (rows, stop) =>
                    rows
                        .Objects.Where(o => uids.Contains(o.Uid) && o.Phase == ObjectPhase.Deleted)
                        .ExecuteDeleteAsync(stop),
                cancellation
            )
            .ConfigureAwait(false);
        instruments.ObjectsPurged(deleted);
        return deleted;
    }

    private sealed record Tombstone(
        string Uid,
        IReadOnlyList<TombstoneVersion> Versions,
        IReadOnlyList<BlobAddress> Blobs
    );

    private sealed record TombstoneVersion(string Task, int Number, string Digest);
}
