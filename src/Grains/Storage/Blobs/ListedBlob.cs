namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>A blob as a listing shows it.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Written">About the time when it was stored last: see <see cref="IBlobDepot.All"/>.</param>
public readonly record struct ListedBlob(BlobAddress Blob, long Length, DateTimeOffset Written);
