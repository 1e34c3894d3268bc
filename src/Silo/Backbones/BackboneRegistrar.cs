using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Backbones;
using ComodCluster.Engine.Backbones;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Silo.Bodies;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Naming;

namespace ComodCluster.Silo.Backbones;

/// <summary>Stores weights, then registers them: uploads and the built-in ones take the same way.</summary>
public sealed class BackboneRegistrar(NamedGrains named, CatalogReader catalog, BlobStore blobs, UploadLimits limits)
{
    public async Task<bool> Exists(TenantName tenant, string name, CancellationToken cancellation) =>
        await catalog.FindUid(ObjectKind.Backbone, tenant, name, cancellation) is not null;

    /// <summary>What is refused leaves nothing: weights are looked at before they are stored.</summary>
    /// <param name="digest">SHA-256 that they must have, lower-case hexadecimal; null: not checked.</param>
    /// <exception cref="ComodException">digest-mismatch, upload-too-large, storage-full, name-taken.</exception>
    /// <exception cref="Engine.InputException">As <see cref="BackboneFile.Read"/>.</exception>
    public async Task<BackboneInfo> Register(
        TenantName tenant,
        string name,
        Stream weights,
        BackboneClaim claim,
        string? digest,
        CancellationToken cancellation
    )
    {
        await using var received = await blobs.Receive(weights, limits.WeightsBytes, cancellation);
        ContentDigest.Require(digest, received.Digest);
        if (await Taken(tenant, name, cancellation) is { } taken)
            return await Register(taken);
        await Task.Run(() => BackboneFile.Check(received.Path, claim), cancellation);
        await received.Keep(tenant, cancellation);
        return await named.BackboneOrNew(tenant, name, Register, CancellationToken.None);

        // What is stored is registered, whether the client still waits or not.
        Task<BackboneInfo> Register(IBackboneGrain backbone) =>
            backbone.Register(
                tenant.Value,
                name,
                received.Digest,
                claim.Architecture,
                claim.Classes,
                CancellationToken.None
            );
    }

    /// <summary>The backbone that has the name for good: it knows its own weights, and refuses others.</summary>
    private async Task<IBackboneGrain?> Taken(TenantName tenant, string name, CancellationToken cancellation)
    {
        try
        {
            var backbone = await named.Backbone(tenant, name, cancellation);
            return (await backbone.Get(cancellation)).Phase == BackbonePhase.Failed ? null : backbone;
        }
        catch (ComodException e) when (e.Code == ErrorCodes.NotFound)
        {
            return null;
        }
    }
}
