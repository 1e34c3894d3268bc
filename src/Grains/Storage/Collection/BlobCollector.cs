using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Faults;
using ComodCluster.Grains.Storage.Watching;
using ComodCluster.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ComodCluster.Grains.Storage.Collection;

/// <summary>
/// Deletes blobs that no row of the catalog names. Times are compared by the clock of the depot alone. While a backup
/// runs, or the catalog has lost writes, nothing is deleted.
/// </summary>
internal sealed partial class BlobCollector(
    BlobStore blobs,
    IBlobDepot depot,
    CatalogDatabase catalog,
    CatalogWatch watch,
    UsedBlobs used,
    IBlobHold hold,
    BlobInstruments instruments,
    IOptions<StorageOptions> options,
    ILogger<BlobCollector> logger
)
{
    /// <summary>Longer than it takes from the storing of a blob to the row that names it.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Condemns what no row names, deletes what was condemned for the grace, and spares what is named again or strays
    /// in too large a number. One sweep at a time.
    /// </summary>
    /// <returns>How many were deleted.</returns>
    public async Task<int> Sweep(CancellationToken cancellation)
    {
        if (await watch.Compare(cancellation).ConfigureAwait(false) > 0)
            return 0;
        var now = await depot.Now(cancellation).ConfigureAwait(false);
        var condemned = await depot
            .Condemned(cancellation)
            .ToDictionaryAsync(c => c.Blob, cancellationToken: cancellation)
            .ConfigureAwait(false);
        var all = await blobs.All(cancellation).ToListAsync(cancellation).ConfigureAwait(false);
        // After the listing: what is named by then is stored again, or was listed with its name.
        var named = await catalog.Read(used.All, cancellation).ConfigureAwait(false);
        var known = await catalog.Read(used.Known, cancellation).ConfigureAwait(false);
        var unused = all.Where(b => !named.Contains(b.Blob)).ToList();
        var strays = unused.Where(b => !known.Contains(b.Blob) && !IsReleased(b.Blob)).ToList();
        var kept = await HoldBack(
                StrayBlobs.AreTooMany(strays.Count, named.Count, all.Count) ? strays : [],
                all.Count,
                condemned,
                cancellation
            )
            .ConfigureAwait(false);

        foreach (var blob in condemned.Keys.Where(named.Contains))
            await depot.Spare(blob, cancellation).ConfigureAwait(false);
        if (await hold.IsTaken(cancellation).ConfigureAwait(false))
            return 0;
        var deleted = 0;
        foreach (var (blob, _, written) in unused.Where(b => !kept.Contains(b.Blob)))
        {
            if (!condemned.TryGetValue(blob, out var sentence) || written > sentence.Since)
            {
                if (written <= now - Settled)
                    await depot.Condemn(blob, released: false, cancellation).ConfigureAwait(false);
            }
            else if (
                sentence.Since <= now - options.Value.BlobGrace
                && await blobs.Delete(blob.Tenant, blob.Digest, sentence.Since, cancellation).ConfigureAwait(false)
            )
                deleted++;
        }
        return deleted;

        bool IsReleased(BlobAddress blob) => condemned.TryGetValue(blob, out var sentence) && sentence.Released;
    }

    /// <summary>
    /// Deletes at once a blob that its owner is done with, unless another row names it or somebody stored it again. In
    /// doubt it is left to a sweep.
    /// </summary>
    /// <param name="kept"><see cref="StoredBlob.Kept"/> of what the owner stored; null where it does not know: a blob
    /// that was stored within the last minute stays, since it may be somebody else's whose row is still to
    /// come.</param>
    public async Task Drop(TenantName tenant, string digest, DateTimeOffset? kept, CancellationToken cancellation)
    {
        var isNamed = await catalog
            .Read((rows, stop) => used.Has(rows, new(tenant, digest), stop), cancellation)
            .ConfigureAwait(false);
        if (isNamed || watch.Lost > 0 || await hold.IsTaken(cancellation).ConfigureAwait(false))
            return;
        if (kept is { } stamp)
        {
            await blobs.DeleteKept(tenant, digest, stamp, cancellation).ConfigureAwait(false);
            return;
        }
        var settled = await depot.Now(cancellation).ConfigureAwait(false) - Settled;
        await blobs.Delete(tenant, digest, settled, cancellation).ConfigureAwait(false);
    }

    /// <summary>As <see cref="Drop"/>; where it fails, the sweep deletes the blob later.</summary>
    public async Task DropQuietly(TenantName tenant, string digest, DateTimeOffset? kept = null)
    {
        try
        {
            await Drop(tenant, digest, kept, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (StorageFaults.Translate(e) is { } fault)
        {
            LogKept(logger, digest, fault.Message);
        }
    }

    /// <returns>Blobs that this sweep leaves as they are.</returns>
    private async Task<HashSet<BlobAddress>> HoldBack(
        IReadOnlyList<ListedBlob> strays,
        int all,
        Dictionary<BlobAddress, CondemnedBlob> condemned,
        CancellationToken cancellation
    )
    {
        var kept = strays.Select(b => b.Blob).ToHashSet();
        var word = StrayBlobs.WordOf(strays);
        var released = kept.Count > 0 && word == options.Value.ReleaseBlobs;
        instruments.HeldBack(released ? [] : strays);
        if (released)
        {
            foreach (var blob in kept)
                await depot.Condemn(blob, released: true, cancellation).ConfigureAwait(false);
            LogReleased(logger, kept.Count);
        }
        else if (kept.Count > 0)
        {
            foreach (var blob in kept.Where(condemned.ContainsKey))
                await depot.Spare(blob, cancellation).ConfigureAwait(false);
            LogHeld(logger, kept.Count, all, strays.Sum(b => b.Length), word);
        }
        return kept;
    }

    [LoggerMessage(
        GrainEvents.BlobKept,
        LogLevel.Warning,
        "The unused blob {Digest} is kept until the next sweep: {Reason}"
    )]
    private static partial void LogKept(ILogger logger, string digest, string reason);

    [LoggerMessage(
        GrainEvents.BlobsHeldBack,
        LogLevel.Critical,
        "{Count} of {All} blobs ({Bytes} bytes) are named by nothing that the catalog has or had, and are kept: it may "
            + "have lost rows. If it has not, start a worker with --release-blobs {Word} to have them deleted."
    )]
    private static partial void LogHeld(ILogger logger, int count, int all, long bytes, string word);

    [LoggerMessage(
        GrainEvents.BlobsReleased,
        LogLevel.Warning,
        "{Count} blobs that were held back are released, and are deleted after the grace."
    )]
    private static partial void LogReleased(ILogger logger, int count);
}
