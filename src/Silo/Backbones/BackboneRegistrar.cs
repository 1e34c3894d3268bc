using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Backbones;
using ComodCluster.Engine.Backbones;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Silo.Naming;

namespace ComodCluster.Silo.Backbones;

/// <summary>Keeps weights and registers them: uploads and the built-in ones take the same way.</summary>
public sealed class BackboneRegistrar(NamedGrains named, CatalogReader catalog)
{
    public async Task<bool> Exists(TenantName tenant, string name, CancellationToken cancellation) =>
        await catalog.FindUid(ObjectKind.Backbone, tenant, name, cancellation) is not null;

    /// <summary>What is refused leaves nothing: weights are looked at before they are stored.</summary>
    /// <param name="received">The weights.</param>
    /// <exception cref="ComodException">storage-full, storage-unavailable, name-taken.</exception>
    /// <exception cref="Engine.InputException">As <see cref="BackboneFile.Read"/>.</exception>
    public async Task<BackboneInfo> Register(
        TenantName tenant,
        string name,
        ReceivedFile received,
        BackboneClaim claim,
        CancellationToken cancellation
    )
    {
        // The name's own weights are kept even so: their file may be lost. Others are refused.
        if (await Taken(tenant, name, cancellation) is var (backbone, digest))
        {
            if (digest == received.Digest)
                await received.Keep(tenant, cancellation);
            return await Register(backbone);
        }
        await Task.Run(() => BackboneFile.Check(received.Path, claim), cancellation);
        await received.Keep(tenant, cancellation);
        return await named.BackboneOrNew(tenant, name, Register, CancellationToken.None);

        // What is stored is registered, whether the client still waits or not.
        Task<BackboneInfo> Register(IBackboneGrain grain) =>
            grain.Register(
                tenant.Value,
                name,
                received.Digest,
                claim.Architecture,
                claim.Classes,
                CancellationToken.None
            );
    }

    /// <summary>The backbone that has the name for good, and the digest of its weights.</summary>
    private async Task<(IBackboneGrain Backbone, string? Digest)?> Taken(
        TenantName tenant,
        string name,
        CancellationToken cancellation
    )
    {
        try
        {
            var backbone = await named.Backbone(tenant, name, cancellation);
            var info = await backbone.Get(cancellation);
            return info.Phase == BackbonePhase.Failed ? null : (backbone, info.Digest);
        }
        catch (ComodException e) when (e.Code == ErrorCodes.NotFound)
        {
            return null;
        }
    }
}
