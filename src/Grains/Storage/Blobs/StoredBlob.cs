namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>A blob that is stored.</summary>
/// <param name="Digest">SHA-256 of its bytes, lower-case hexadecimal: its name.</param>
/// <param name="Written">When it was stored, or stored again.</param>
public sealed record StoredBlob(string Digest, long Length, DateTimeOffset Written);
