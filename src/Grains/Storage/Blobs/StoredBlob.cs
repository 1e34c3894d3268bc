namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>A blob that is stored.</summary>
/// <param name="Digest">SHA-256 of its bytes, lower-case hexadecimal: its name.</param>
/// <param name="Kept">Tells this storing of the bytes from others.</param>
public sealed record StoredBlob(string Digest, long Length, DateTimeOffset Kept);
