using ComodCluster.Contracts;
using ComodCluster.Contracts.Backbones;
using ComodCluster.Contracts.Datasets;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Contracts.Tasks;
using ComodCluster.Grains.Catalog;

namespace ComodCluster.Silo.Endpoints;

/// <summary>From the names in an address to the grains that answer for them.</summary>
public sealed class NamedGrains(IGrainFactory grains, CatalogReader catalog)
{
    public const string Tenant = Names.DefaultTenant;

    /// <exception cref="ComodException">not-found.</exception>
    public async Task<ITaskGrain> Task(string name, CancellationToken cancellation) =>
        grains.GetGrain<ITaskGrain>($"task:{await Uid(ObjectKind.Task, name, cancellation)}");

    /// <exception cref="ComodException">not-found.</exception>
    public async Task<IDatasetGrain> Dataset(string name, CancellationToken cancellation) =>
        grains.GetGrain<IDatasetGrain>($"dataset:{await Uid(ObjectKind.Dataset, name, cancellation)}");

    /// <exception cref="ComodException">not-found.</exception>
    public async Task<IBackboneGrain> Backbone(string name, CancellationToken cancellation) =>
        grains.GetGrain<IBackboneGrain>($"backbone:{await Uid(ObjectKind.Backbone, name, cancellation)}");

    public IJobGrain Job(string id) => Names.IsValid(id)
        ? grains.GetGrain<IJobGrain>($"job:{Tenant}/{id}")
        : throw ComodException.NotFound("job", id);

    /// <summary>The task of that name, which recognises a repeated request, or a new one.</summary>
    public async Task<ITaskGrain> TaskOrNew(string name, CancellationToken cancellation) =>
        grains.GetGrain<ITaskGrain>($"task:{await catalog.FindUid(ObjectKind.Task, Tenant, name, cancellation) ?? NewUid()}");

    /// <summary>The data set of that name, which recognises a repeated request, or a new one.</summary>
    public async Task<IDatasetGrain> DatasetOrNew(string name, CancellationToken cancellation) =>
        grains.GetGrain<IDatasetGrain>($"dataset:{await catalog.FindUid(ObjectKind.Dataset, Tenant, name, cancellation) ?? NewUid()}");

    /// <summary>The backbone of that name, which recognises a repeated request, or a new one.</summary>
    public async Task<IBackboneGrain> BackboneOrNew(string name, CancellationToken cancellation) =>
        grains.GetGrain<IBackboneGrain>($"backbone:{await catalog.FindUid(ObjectKind.Backbone, Tenant, name, cancellation) ?? NewUid()}");

    private async Task<string> Uid(ObjectKind kind, string name, CancellationToken cancellation) =>
        await catalog.FindUid(kind, Tenant, name, cancellation) ?? throw ComodException.NotFound(kind.ToString().ToLowerInvariant(), name);

    private static string NewUid() => Guid.CreateVersion7().ToString("n");
}
