namespace ComodCluster.Grains.Blobs;

/// <summary>A blob that is on the disk.</summary>
/// <param name="Digest">SHA-256 of its bytes, lower-case hexadecimal: its name.</param>
/// <param name="Written">When it was stored, or stored again.</param>
public sealed record StoredBlob(string Digest, long Length, DateTimeOffset Written);

/// <summary>A blob's place.</summary>
public readonly record struct BlobAddress(string Tenant, string Digest);
