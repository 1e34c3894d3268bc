namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>A blob that is to be deleted, if nothing names it by then.</summary>
/// <param name="Since">By the depot's clock.</param>
/// <param name="Released">By the word of an operator.</param>
public readonly record struct CondemnedBlob(BlobAddress Blob, DateTimeOffset Since, bool Released);
