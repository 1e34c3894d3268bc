using System.Collections.Concurrent;
using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Engine.Backbones;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Backbones;

/// <summary>
/// Loads backbones into the engine when they are first needed; each is loaded once, however many ask.
/// </summary>
public sealed class BackboneResidency(TaskEngine engine, BlobStore blobs, CatalogDatabase catalog)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<BackboneSummary>>> _loading = new(StringComparer.Ordinal);

    /// <summary>A registered backbone, resident from then on.</summary>
    /// <exception cref="ComodException">blob-damaged; not-found: no backbone of the tenant has these
    /// weights.</exception>
    public async Task<BackboneSummary> Ensure(TenantName tenant, string digest, CancellationToken cancellation)
    {
        if (engine.Backbones.TryGetValue(digest, out var resident))
            return resident;
        var row =
            await catalog
                .Read(
                    (rows, stop) =>
                        rows
                            .Objects.OrderBy(o => o.Uid)
                            .FirstOrDefaultAsync(
                                o =>
                                    o.Kind == ObjectKind.Backbone.Name
                                    && o.Tenant == tenant.Value
                                    && o.Blob == digest
                                    && o.Phase != ObjectPhase.Deleted,
                                stop
                            ),
                    cancellation
                )
                .ConfigureAwait(false)
            ?? throw new ComodException(
                ErrorCodes.NotFound,
                404,
                $"The backbone with the digest {digest} is gone; register its weights again."
            );
        var info = CatalogJson.Read<BackboneInfo>(row.Payload, row.Schema);
        return await Load(
                tenant,
                digest,
                info.Name,
                new BackboneClaim(info.Architecture, info.Classes).Spec,
                cancellation
            )
            .ConfigureAwait(false);
    }

    /// <summary>Loads weights whose blob is stored.</summary>
    /// <param name="name">Name of the backbone.</param>
    /// <param name="specIfNoMetadata">See <see cref="BackboneClaim.Spec"/>.</param>
    /// <exception cref="Engine.InputException">The weights do not fit.</exception>
    /// <exception cref="ComodException">blob-damaged</exception>
    public async Task<BackboneSummary> Load(
        TenantName tenant,
        string digest,
        string name,
        BackboneSpec? specIfNoMetadata,
        CancellationToken cancellation
    )
    {
        if (engine.Backbones.TryGetValue(digest, out var resident))
            return resident;
        // Shared by all who wait, so nobody's cancellation ends it.
        var loading = _loading.GetOrAdd(
            digest,
            _ =>
                new(async () =>
                {
                    try
                    {
                        return await engine
                            .LoadBackbone(
                                await blobs
                                    .ReadAllAsync(tenant, digest, CancellationToken.None, Weights(name))
                                    .ConfigureAwait(false),
                                digest,
                                specIfNoMetadata,
                                CancellationToken.None
                            )
                            .ConfigureAwait(false);
                    }
                    finally
                    {
                        // Nobody may wait any more.
                        _loading.TryRemove(digest, out var _);
                    }
                })
        );
        return await loading.Value.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Loads weights that are to be registered, unless they are resident.</summary>
    /// <returns>With the description that is claimed: other backbones may give the same weights other
    /// classes.</returns>
    /// <inheritdoc cref="Load"/>
    public async Task<BackboneSummary> Register(
        TenantName tenant,
        string digest,
        string name,
        BackboneClaim claim,
        CancellationToken cancellation
    )
    {
        var summary = await Load(tenant, digest, name, claim.Spec, cancellation).ConfigureAwait(false);
        var spec = claim.Resolve(summary.DescribesItself ? summary.Spec : null);
        BackboneFile.RequireShapes(spec, summary.Spec.Arrays().Select(a => (a.Name, (IReadOnlyList<long>)a.Shape)));
        return summary with { Spec = spec };
    }

    /// <summary>Resident weights of which no backbone is left, of any tenant.</summary>
    public async Task<IReadOnlyList<string>> Unneeded(CancellationToken cancellation)
    {
        string[] resident = [.. engine.Backbones.Keys];
        return resident.Length == 0
            ? []
            : [.. resident.Except(await Needed(resident, cancellation).ConfigureAwait(false))];
    }

    /// <summary>
    /// Frees the memory and the activations of weights, unless a backbone is left that has them. Where an adaptation
    /// of them or a plan runs, <see cref="BackboneRelease"/> does it later.
    /// </summary>
    /// <returns>Whether they are free.</returns>
    public async Task<bool> Release(string digest, CancellationToken cancellation) =>
        (await Needed([digest], cancellation).ConfigureAwait(false)).Count == 0
        && await engine.UnloadBackbone(digest).ConfigureAwait(false);

    private Task<List<string>> Needed(string[] digests, CancellationToken cancellation) =>
        catalog.Read(
            (rows, stop) =>
                rows
                    .Objects.Where(o =>
                        o.Kind == ObjectKind.Backbone.Name && o.Phase != ObjectPhase.Deleted && digests.Contains(o.Blob)
                    )
                    .Select(o => o.Blob!)
                    .ToListAsync(stop),
            cancellation
        );

    // Bytes that are stored again get the name that they had.
    private static BlobUse Weights(string backbone) =>
        BlobUse.Restorable(
            $"The file with the weights of the backbone '{backbone}'",
            "upload the same weights again under that name"
        );
}
