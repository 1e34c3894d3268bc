using System.Diagnostics.Metrics;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Storage;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Collection;
using ComodCluster.Grains.Storage.Identity;
using ComodCluster.Grains.Storage.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ComodCluster.Grains.Tests.Storage.Collection;

/// <summary>A collector as a worker has it, on a depot whose clock can be set ahead.</summary>
internal sealed class TestCollector
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly LaterDepot _depot;
    private readonly StorageOptions _options = new() { BlobGrace = Day };

    public TestCollector(CatalogDatabase catalog, BlobStore blobs, IBlobDepot depot)
    {
        _depot = new LaterDepot(depot);
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        Watch = new CatalogWatch(
            catalog,
            depot,
            new ProcessBlobLocks(),
            new CatalogInstruments(meters),
            TimeProvider.System,
            NullLogger<CatalogWatch>.Instance
        );
        Collector = new BlobCollector(
            blobs,
            _depot,
            catalog,
            Watch,
            Used,
            Hold,
            new BlobInstruments(meters),
            Options.Create(_options),
            NullLogger<BlobCollector>.Instance
        );
    }

    public ProcessBlobHold Hold { get; } = new();

    public CatalogWatch Watch { get; }

    public UsedBlobs Used { get; } = new([new ArchiveReferences()]);

    public BlobCollector Collector { get; }

    /// <inheritdoc cref="StorageOptions.ReleaseBlobs"/>
    public string? Release
    {
        set => _options.ReleaseBlobs = value;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>As the first start of a silo leaves it.</summary>
    public async Task Begin()
    {
        if (await _depot.ReadNote(SeenWrites.FileName, Stop) is null)
            await _depot.WriteNote(SeenWrites.FileName, new SeenWrites(0, DateTimeOffset.UnixEpoch).ToText(), Stop);
    }

    /// <summary>A sweep so much later than all that there is.</summary>
    public async Task<int> Sweep(TimeSpan ahead)
    {
        await Begin();
        _depot.Ahead = ahead;
        return await Collector.Sweep(Stop);
    }

    /// <summary>One that condemns and, when the grace is over, one that deletes.</summary>
    public async Task<int> SweepTwice()
    {
        Assert.Equal(0, await Sweep(TimeSpan.FromHours(1)));
        // A bucket's clock has seconds.
        return await Sweep(Day + TimeSpan.FromSeconds(2));
    }
}
