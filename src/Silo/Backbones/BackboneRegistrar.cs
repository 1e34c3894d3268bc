using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Backbones;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Backbones.Import;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Silo.Naming;

namespace ComodCluster.Silo.Backbones;

/// <summary>Keeps weights that were uploaded and registers them.</summary>
public sealed class BackboneRegistrar(NamedGrains named, BlobStore blobs)
{
    /// <summary>What is refused leaves nothing: weights are looked at before they are stored. Those of other programs
    /// are stored as a safetensors file that describes itself.</summary>
    /// <param name="received">The weights.</param>
    /// <exception cref="ComodException">storage-full, storage-unavailable, name-taken.</exception>
    /// <exception cref="Engine.InputException">As <see cref="ImportedWeights.Open"/>.</exception>
    public async Task<BackboneInfo> Register(
        TenantName tenant,
        string name,
        ReceivedFile received,
        BackboneClaim claim,
        CancellationToken cancellation
    )
    {
        var taken = await Taken(tenant, name, cancellation);
        if (taken?.Digest == received.Digest && claim.InputSize is null)
            return await Keep(tenant, name, taken, received, claim, cancellation);
        var (converted, said) = await Convert(received, claim, cancellation);
        await using (converted)
            return await Keep(tenant, name, taken, converted ?? received, said, cancellation);
    }

    /// <returns>The file to keep in the place of what came, null where that stays; and what the catalog says of
    /// it.</returns>
    private async Task<(ReceivedFile? Converted, BackboneClaim Said)> Convert(
        ReceivedFile received,
        BackboneClaim claim,
        CancellationToken cancellation
    )
    {
        using var weights = await Task.Run(() => ImportedWeights.Open(received.Path, claim), cancellation);
        if (weights.IsKeptAsItIs)
            return (null, weights.Claim);
        blobs.RequireRoom(weights.Length);
        return (await Task.Run(() => blobs.Receive(weights.Parts(), cancellation), cancellation), weights.Claim);
    }

    /// <summary>The name's own weights are kept even where it has them: their file may be lost. Others are
    /// refused.</summary>
    private async Task<BackboneInfo> Keep(
        TenantName tenant,
        string name,
        (IBackboneGrain Backbone, string? Digest)? taken,
        ReceivedFile weights,
        BackboneClaim claim,
        CancellationToken cancellation
    )
    {
        if (taken is null || taken.Value.Digest == weights.Digest)
            await weights.Keep(tenant, cancellation);
        return taken is var (backbone, _)
            ? await Register(backbone)
            : await named.BackboneOrNew(tenant, name, Register, CancellationToken.None);

        // What is stored is registered, whether the client still waits or not.
        Task<BackboneInfo> Register(IBackboneGrain grain) =>
            grain.Register(
                tenant.Value,
                name,
                weights.Digest,
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
