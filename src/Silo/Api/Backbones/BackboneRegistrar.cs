using ComodCluster.Contracts;
using ComodCluster.Contracts.Backbones;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Silo.Api.Uploads;
using ComodCluster.Silo.Hosting;
using ComodCluster.Silo.Naming;

namespace ComodCluster.Silo.Api.Backbones;

/// <summary>What comes with a weights file.</summary>
public sealed record BackboneUpload
{
    /// <summary>For weights without this project's metadata.</summary>
    public string? Architecture { get; init; }

    /// <summary>Classes of the head, for weights without this project's metadata.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>SHA-256 that the file must have, lower-case hexadecimal; null: not checked.</summary>
    public string? Digest { get; init; }
}

/// <summary>Stores weights, then registers them: uploads and the built-in ones take the same way.</summary>
public sealed class BackboneRegistrar(NamedGrains named, CatalogReader catalog, BlobStore blobs, SiloOptions options)
{
    public async Task<bool> Exists(string name, CancellationToken cancellation) =>
        await catalog.FindUid(ObjectKind.Backbone, NamedGrains.Tenant, name, cancellation) is not null;

    /// <exception cref="ComodException">digest-mismatch, upload-too-large, storage-full, name-taken, or a code of the weights reader.</exception>
    public async Task<BackboneInfo> Register(string name, Stream weights, BackboneUpload upload, CancellationToken cancellation)
    {
        await using var content = upload.Digest is { } digest ? new DigestCheckedStream(weights, digest) : weights;
        var blob = await blobs.PutAsync(NamedGrains.Tenant, content, options.Uploads.WeightsBytes, cancellation);
        return await named.BackboneOrNew(
            name, backbone => backbone.Register(NamedGrains.Tenant, name, blob.Digest, upload.Architecture, upload.Classes, cancellation), cancellation);
    }
}
