namespace ComodCluster.Grains.Storage.Blobs.S3;

/// <param name="Written">From the object's metadata, by a silo's clock; null where they have none.</param>
/// <param name="Modified">By the server's clock; for an object uploaded in parts, when the upload began.</param>
internal readonly record struct S3Head(DateTimeOffset? Written, DateTimeOffset Modified);
