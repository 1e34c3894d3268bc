using System.Collections.Concurrent;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Backbones;
using ComodCluster.Contracts.Datasets;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Contracts.Tasks;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Silo.Naming;

/// <summary>From the names in an address to the grains that answer for them.</summary>
public sealed class NamedGrains(IGrainFactory grains, CatalogReader catalog, TimeProvider time)
{
    public const string Tenant = Names.DefaultTenant;

    private const int MostKnown = 100_000;

    // A uid never comes back, so what is remembered is right as long as its grain answers.
    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>Asks the task of a name. Names that were asked before are not looked up again: predictions do not wait for the catalog, and go on while it is away.</summary>
    /// <exception cref="ComodException">not-found, or what the grain refuses.</exception>
    public async Task<T> AskTask<T>(string name, Func<ITaskGrain, Task<T>> ask, CancellationToken cancellation)
    {
        if (_known.TryGetValue(name, out var known))
        {
            try
            {
                return await ask(grains.GetGrain<ITaskGrain>(GrainKeys.Task(known)));
            }
            catch (ComodException gone) when (gone.Code == ErrorCodes.NotFound)
            {
                // Deleted; another task may have the name by now.
                _known.TryRemove(name, out _);
            }
        }
        return await ask(grains.GetGrain<ITaskGrain>(GrainKeys.Task(await KnowTask(name, cancellation))));
    }

    /// <summary>Returns once the task's uid is known.</summary>
    /// <exception cref="ComodException">not-found.</exception>
    public async Task<string> KnowTask(string name, CancellationToken cancellation)
    {
        if (_known.TryGetValue(name, out var known)) return known;
        var uid = await Uid(ObjectKind.Task, name, cancellation);
        if (_known.Count >= MostKnown) _known.Clear();
        return _known[name] = uid;
    }

    /// <exception cref="ComodException">not-found.</exception>
    public async Task<IDatasetGrain> Dataset(string name, CancellationToken cancellation) =>
        grains.GetGrain<IDatasetGrain>($"dataset:{await Uid(ObjectKind.Dataset, name, cancellation)}");

    /// <exception cref="ComodException">not-found.</exception>
    public async Task<IBackboneGrain> Backbone(string name, CancellationToken cancellation) =>
        grains.GetGrain<IBackboneGrain>($"backbone:{await Uid(ObjectKind.Backbone, name, cancellation)}");

    public IJobGrain Job(string id) => ObjectNames.IsValid(id)
        ? grains.GetGrain<IJobGrain>($"job:{Tenant}/{id}")
        : throw ComodException.NotFound("job", id);

    /// <summary>Calls the task of that name, which recognises a repeated request, or a new one. Who loses a race for the name asks the winner.</summary>
    public Task<T> TaskOrNew<T>(string name, Func<ITaskGrain, Task<T>> call, CancellationToken cancellation) => CallOrNew(ObjectKind.Task, name, call, cancellation);

    /// <inheritdoc cref="TaskOrNew"/>
    public Task<T> DatasetOrNew<T>(string name, Func<IDatasetGrain, Task<T>> call, CancellationToken cancellation) => CallOrNew(ObjectKind.Dataset, name, call, cancellation);

    /// <inheritdoc cref="TaskOrNew"/>
    public Task<T> BackboneOrNew<T>(string name, Func<IBackboneGrain, Task<T>> call, CancellationToken cancellation) => CallOrNew(ObjectKind.Backbone, name, call, cancellation);

    private async Task<T> CallOrNew<TGrain, T>(ObjectKind kind, string name, Func<TGrain, Task<T>> call, CancellationToken cancellation) where TGrain : IGrainWithStringKey
    {
        var known = await catalog.FindUid(kind, Tenant, name, cancellation);
        try
        {
            return await call(Grain(known ?? GrainKeys.NewUid(time)));
        }
        catch (ComodException lost) when (known is null && lost.Code is (ErrorCodes.NameTaken or ErrorCodes.JobConflict))
        {
            if (await catalog.FindUid(kind, Tenant, name, cancellation) is not { } winner) throw;
            return await call(Grain(winner));
        }

        TGrain Grain(string uid) => grains.GetGrain<TGrain>($"{kind.ToString().ToLowerInvariant()}:{uid}");
    }

    private async Task<string> Uid(ObjectKind kind, string name, CancellationToken cancellation) =>
        await catalog.FindUid(kind, Tenant, name, cancellation) ?? throw ComodException.NotFound(kind.ToString().ToLowerInvariant(), name);
}
