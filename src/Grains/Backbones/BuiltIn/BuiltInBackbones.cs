using System.Collections.Concurrent;
using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Grains.Backbones.BuiltIn;

/// <summary>
/// Registers the weights that ship with the silo when somebody first names them. Until then they cost nothing; from
/// then on they are backbones like all others. What fails is told to who asked, and tried again for the next.
/// </summary>
public sealed class BuiltInBackbones(
    BuiltInFiles files,
    BlobStore blobs,
    CatalogReader catalog,
    IGrainFactory grains,
    TimeProvider time
)
{
    private readonly ConcurrentDictionary<(TenantName Tenant, string Name), Lazy<Task<string>>> _registering = new();

    /// <summary>Registers a name that the catalog does not have, if it is one of the built-in ones.</summary>
    /// <returns>The backbone's uid; null where this silo ships nothing of that name.</returns>
    /// <exception cref="ComodException">blob-damaged, storage-full, storage-unavailable.</exception>
    public async Task<string?> Register(TenantName tenant, string name, CancellationToken cancellation)
    {
        if (files.All.FirstOrDefault(b => b.Name == name) is not { } backbone)
            return null;
        // Shared by all who wait, so nobody's cancellation ends it.
        var registering = _registering.GetOrAdd(
            (tenant, name),
            key =>
                new(() =>
                    Task.Run(async () =>
                    {
                        try
                        {
                            return await Register(tenant, backbone).ConfigureAwait(false);
                        }
                        finally
                        {
                            _registering.TryRemove(key, out _);
                        }
                    })
                )
        );
        return await registering.Value.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Says that there is no backbone of a name, and of the default one why.</summary>
    public static ComodException NotFound(string name) =>
        name == BackboneNames.Default
            ? new(
                ErrorCodes.NotFound,
                404,
                $"This silo was built without the backbone '{name}': name another one (GET /v1/backbones lists them), "
                    + "or register weights under that name."
            )
            : ComodException.NotFound(ObjectKind.Backbone.Name, name);

    /// <summary>Backbones by name: those of the catalog, and built-in ones that nobody has used yet.</summary>
    /// <inheritdoc cref="CatalogReader.ListObjects{T, TInfo}"/>
    public async Task<Page<BackboneInfo>> List(
        TenantName tenant,
        BackbonePhase? phase,
        string? after,
        int limit,
        CancellationToken cancellation
    )
    {
        var stored = await catalog.ListBackbones(tenant, phase, after, limit, cancellation).ConfigureAwait(false);
        if (phase is not (null or BackbonePhase.Available))
            return stored;
        var items = stored.Items.ToList();
        foreach (var backbone in files.All)
            if (
                string.CompareOrdinal(backbone.Name, after) > 0
                && (stored.Next is null || string.CompareOrdinal(backbone.Name, stored.Next) < 0)
                && await catalog.FindUid(ObjectKind.Backbone, tenant, backbone.Name, cancellation).ConfigureAwait(false)
                    is null
            )
                items.Add(backbone.Info);
        items.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return items.Count <= limit ? new(items, stored.Next) : new([.. items.Take(limit)], items[limit - 1].Name);
    }

    private async Task<string> Register(TenantName tenant, BuiltInBackbone backbone)
    {
        var weights = await blobs.PutAsync(tenant, backbone.Weights(), CancellationToken.None).ConfigureAwait(false);
        var uid = ObjectKey.New(ObjectKind.Backbone, time).Uid;
        try
        {
            await grains
                .Backbone(uid)
                .Register(tenant.Value, backbone.Name, weights.Digest, null, null, CancellationToken.None)
                .ConfigureAwait(false);
            return uid;
        }
        catch (ComodException taken) when (taken.Code == ErrorCodes.NameTaken)
        {
            // Another silo of the cluster was faster.
            var winner = await catalog
                .FindUid(ObjectKind.Backbone, tenant, backbone.Name, CancellationToken.None)
                .ConfigureAwait(false);
            if (winner is null)
                throw;
            return winner;
        }
    }
}
