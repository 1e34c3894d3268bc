using System.Collections.Concurrent;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Backbones;
using ComodCluster.Contracts.Datasets;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Contracts.Tasks;
using ComodCluster.Grains.Backbones.BuiltIn;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Silo.Naming;

/// <summary>From the names in an address to the grains that answer for them.</summary>
public sealed class NamedGrains(
    IGrainFactory grains,
    CatalogReader catalog,
    BuiltInBackbones builtIn,
    TimeProvider time
)
{
    private const int MostKnown = 100_000;

    // A uid never comes back, so what is remembered is right as long as its grain answers.
    private readonly ConcurrentDictionary<(TenantName Tenant, string Name), string> _known = new();

    /// <summary>
    /// Asks the task of a name. Names that were asked before are not looked up again: predictions do not wait for the
    /// catalog, and go on while it is away.
    /// </summary>
    /// <exception cref="ComodException">not-found, or what the grain refuses.</exception>
    public async Task<T> AskTask<T>(
        TenantName tenant,
        string name,
        Func<ITaskGrain, Task<T>> ask,
        CancellationToken cancellation
    )
    {
        if (_known.TryGetValue((tenant, name), out var known))
        {
            try
            {
                return await ask(grains.Task(known));
            }
            catch (ComodException gone) when (gone.Code == ErrorCodes.NotFound)
            {
                // Deleted; another task may have the name by now.
                _known.TryRemove((tenant, name), out _);
            }
        }
        return await ask(grains.Task(await KnowTask(tenant, name, cancellation)));
    }

    /// <summary>Returns once the task's uid is known.</summary>
    /// <exception cref="ComodException">not-found.</exception>
    public async Task<string> KnowTask(TenantName tenant, string name, CancellationToken cancellation)
    {
        if (_known.TryGetValue((tenant, name), out var known))
            return known;
        var uid = await Uid(ObjectKind.Task, tenant, name, cancellation);
        if (_known.Count >= MostKnown)
            _known.Clear();
        return _known[(tenant, name)] = uid;
    }

    /// <exception cref="ComodException">not-found.</exception>
    public async Task<IDatasetGrain> Dataset(TenantName tenant, string name, CancellationToken cancellation) =>
        grains.Dataset(await Uid(ObjectKind.Dataset, tenant, name, cancellation));

    /// <summary>A built-in one is registered when it is first named.</summary>
    /// <exception cref="ComodException">not-found, or as <see cref="BuiltInBackbones.Register"/>.</exception>
    public async Task<IBackboneGrain> Backbone(TenantName tenant, string name, CancellationToken cancellation) =>
        grains.Backbone(
            await catalog.FindUid(ObjectKind.Backbone, tenant, name, cancellation)
                ?? await builtIn.Register(tenant, name, cancellation)
                ?? throw BuiltInBackbones.NotFound(name)
        );

    /// <summary>Only what the catalog has.</summary>
    /// <exception cref="ComodException">not-found.</exception>
    public async Task<IBackboneGrain> StoredBackbone(TenantName tenant, string name, CancellationToken cancellation) =>
        grains.Backbone(await Uid(ObjectKind.Backbone, tenant, name, cancellation));

    public IJobGrain Job(TenantName tenant, string id) =>
        ObjectNames.IsValid(id) ? grains.Job(new(tenant, id)) : throw ComodException.NotFound("job", id);

    /// <summary>
    /// Calls the task of that name, which recognises a repeated request, or a new one. Who loses a race for the name
    /// asks the winner.
    /// </summary>
    public Task<T> TaskOrNew<T>(
        TenantName tenant,
        string name,
        Func<ITaskGrain, Task<T>> call,
        CancellationToken cancellation
    ) => CallOrNew(ObjectKind.Task, tenant, name, call, cancellation);

    /// <inheritdoc cref="TaskOrNew"/>
    public Task<T> DatasetOrNew<T>(
        TenantName tenant,
        string name,
        Func<IDatasetGrain, Task<T>> call,
        CancellationToken cancellation
    ) => CallOrNew(ObjectKind.Dataset, tenant, name, call, cancellation);

    /// <summary>The name of a built-in one is taken.</summary>
    /// <inheritdoc cref="TaskOrNew"/>
    public async Task<T> BackboneOrNew<T>(
        TenantName tenant,
        string name,
        Func<IBackboneGrain, Task<T>> call,
        CancellationToken cancellation
    )
    {
        if (await catalog.FindUid(ObjectKind.Backbone, tenant, name, cancellation) is null)
            await builtIn.Register(tenant, name, cancellation);
        return await CallOrNew(ObjectKind.Backbone, tenant, name, call, cancellation);
    }

    private async Task<T> CallOrNew<TGrain, T>(
        ObjectKind kind,
        TenantName tenant,
        string name,
        Func<TGrain, Task<T>> call,
        CancellationToken cancellation
    )
        where TGrain : IGrainWithStringKey
    {
        var known = await catalog.FindUid(kind, tenant, name, cancellation);
        try
        {
            return await call(Grain(known ?? ObjectKey.New(kind, time).Uid));
        }
        catch (ComodException lost)
            when (known is null && lost.Code is (ErrorCodes.NameTaken or ErrorCodes.JobConflict))
        {
            if (await catalog.FindUid(kind, tenant, name, cancellation) is not { } winner)
                throw;
            return await call(Grain(winner));
        }

        TGrain Grain(string uid) => grains.GetGrain<TGrain>(new ObjectKey(kind, uid).ToString());
    }

    private async Task<string> Uid(ObjectKind kind, TenantName tenant, string name, CancellationToken cancellation) =>
        await catalog.FindUid(kind, tenant, name, cancellation) ?? throw ComodException.NotFound(kind.Name, name);
}
