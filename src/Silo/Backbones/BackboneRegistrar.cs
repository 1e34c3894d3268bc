using ComodCluster.Api.Backbones;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Naming;

namespace ComodCluster.Silo.Backbones;

/// <summary>Stores weights, then registers them: uploads and the built-in ones take the same way.</summary>
public sealed class BackboneRegistrar(NamedGrains named, CatalogReader catalog, BlobStore blobs, UploadLimits limits)
{
    public async Task<bool> Exists(TenantName tenant, string name, CancellationToken cancellation) =>
        await catalog.FindUid(ObjectKind.Backbone, tenant, name, cancellation) is not null;

    /// <exception cref="ComodException">digest-mismatch, upload-too-large, storage-full, name-taken, or a code of the
    /// weights reader.</exception>
    public async Task<BackboneInfo> Register(
        TenantName tenant,
        string name,
        Stream weights,
        BackboneUpload upload,
        CancellationToken cancellation
    )
    {
        await using var content = upload.Digest is { } digest ? new DigestCheckedStream(weights, digest) : weights;
        var blob = await blobs.PutAsync(tenant, content, limits.WeightsBytes, cancellation);
        return await named.BackboneOrNew(
            tenant,
            name,
            backbone =>
                backbone.Register(tenant.Value, name, blob.Digest, upload.Architecture, upload.Classes, cancellation),
            cancellation
        );
    }
}
