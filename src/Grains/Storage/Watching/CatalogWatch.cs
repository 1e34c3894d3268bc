using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Identity;
using ComodCluster.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Storage.Watching;

/// <summary>
/// Compares the catalog's count of writes with the one that is remembered beside the blobs, and renews that.
/// </summary>
internal sealed partial class CatalogWatch(
    CatalogDatabase catalog,
    IBlobDepot depot,
    IBlobLocks locks,
    CatalogInstruments instruments,
    TimeProvider time,
    ILogger<CatalogWatch> logger
)
{
    // Stands for the file: one silo at a time reads, compares and writes it.
    private static readonly BlobAddress Turn = new(new TenantName(SeenWrites.FileName), "");

    // What was found and could not be written down yet.
    private long _found,
        _lost;

    /// <summary>What <see cref="Compare"/> last found.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <returns>Writes that the catalog had and has no more; 0 where it has all.</returns>
    /// <exception cref="IOException">So and in other ways the place of the blobs or the database fails.</exception>
    public async Task<long> Compare(CancellationToken cancellation)
    {
        await using var turn = await locks.Take(Turn, cancellation).ConfigureAwait(false);
        // The file first: what it has seen is in the catalog that is read after it.
        var text = await depot.ReadNote(SeenWrites.FileName, cancellation).ConfigureAwait(false);
        if (text is null || SeenWrites.Parse(text) is not { } seen)
            throw new IOException($"The file {SeenWrites.FileName} of the {depot.Place} is missing or damaged.");
        var (has, must) = await catalog.Writes(cancellation).ConfigureAwait(false);
        var most = Math.Max(seen.Writes, must);
        _found = Math.Max(_found, most - has);
        if (_found > seen.Lost)
        {
            Note(_found);
            LogLost(logger, _found, most, seen.At);
            seen = seen with { Writes = most, Lost = _found };
            await Write(seen).ConfigureAwait(false);
        }
        else if (seen.Lost == 0 && has > seen.Writes)
        {
            await Write(new SeenWrites(has, time.GetUtcNow())).ConfigureAwait(false);
        }
        _found = 0;
        Note(seen.Lost);
        return seen.Lost;

        void Note(long lost)
        {
            Interlocked.Exchange(ref _lost, lost);
            instruments.WritesLost(lost);
        }

        Task Write(SeenWrites now) => depot.WriteNote(SeenWrites.FileName, now.ToText(), cancellation);
    }

    [LoggerMessage(
        GrainEvents.CatalogBehind,
        LogLevel.Critical,
        "The catalog has lost {Lost} of the {Writes} writes that it had, some of them since {At:u}. No blob is deleted "
            + "until a silo is started that has the catalog's latest state, or is told to accept the loss."
    )]
    private static partial void LogLost(ILogger logger, long lost, long writes, DateTimeOffset at);
}
