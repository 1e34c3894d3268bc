using System.Diagnostics.Metrics;
using ComodCluster.Api.Datasets;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.Grains.Storage.Identity;
using ComodCluster.Grains.Storage.Watching;
using ComodCluster.Grains.Tests.Storage.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ComodCluster.Grains.Tests.Storage.Identity;

/// <summary>The storage of one silo, opened as a start does it.</summary>
internal sealed class MarkedSilo : IDisposable
{
    private readonly DataDirectory _directory;

    /// <param name="accepted">As <c>--accept-lost-writes</c>.</param>
    /// <param name="isMarked">False: as an earlier build, that knew of no mark in this mode.</param>
    public MarkedSilo(
        string folder,
        string? shared,
        Func<DataDirectory, ICatalogProvider> provider,
        Func<DataDirectory, IBlobFiles, IBlobDepot> depot,
        long? accepted = null,
        bool isMarked = true
    )
    {
        _directory = new DataDirectory(folder, shared);
        var (files, locks) = (new DiskFiles(), new ProcessBlobLocks());
        Depot = depot(_directory, files);
        Catalog = new CatalogDatabase(
            provider(_directory),
            identity: isMarked ? new ClusterIdentity("comod", Depot, accepted, TimeProvider.System) : null
        );
        Blobs = new BlobStore(_directory, files, Depot, locks);
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        Watch = new CatalogWatch(
            Catalog,
            Depot,
            locks,
            new CatalogInstruments(meters),
            TimeProvider.System,
            NullLogger<CatalogWatch>.Instance
        );
    }

    public CatalogDatabase Catalog { get; }

    public IBlobDepot Depot { get; }

    public BlobStore Blobs { get; }

    public CatalogWatch Watch { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Each name is a write.</summary>
    public async Task Write(params string[] names)
    {
        foreach (var name in names)
            await new StoredRow<ObjectRow, DatasetInfo>(Catalog, TestCatalog.Layout.At(name)).Create(
                format =>
                    TestCatalog.Layout.NewRow(
                        name,
                        TestCatalog.Tenant,
                        name,
                        TestCatalog.Info(name, name),
                        TestCatalog.Created,
                        format
                    ),
                AlongWrite.Nothing,
                Stop
            );
    }

    public Task<StoredBlob> Store(params byte[] content) => Blobs.PutAsync(TestCatalog.Tenant, content, Stop);

    public void Dispose()
    {
        Catalog.Dispose();
        (Depot as IDisposable)?.Dispose();
        _directory.Dispose();
    }
}
