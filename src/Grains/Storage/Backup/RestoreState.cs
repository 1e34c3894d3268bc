namespace ComodCluster.Grains.Storage.Backup;

/// <summary>How far a restore is.</summary>
public sealed record RestoreState(int Blobs, long Bytes, int BlobsDone, long BytesDone);
