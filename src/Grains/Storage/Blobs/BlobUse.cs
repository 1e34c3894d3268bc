namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>What a blob is to those who read it: said when it is missing or damaged.</summary>
/// <param name="What">Whose it is, as the beginning of a sentence in the singular.</param>
/// <param name="Fix">What to do.</param>
public sealed record BlobUse(string What, string Fix)
{
    internal static BlobUse Unknown { get; } = Restorable("Stored data", "upload or adapt again");

    /// <summary>Use of a blob that a backup may have.</summary>
    /// <param name="otherwise">What to do without a backup.</param>
    internal static BlobUse Restorable(string what, string otherwise) =>
        new(what, $"restore a backup with 'comod restore', or {otherwise}");
}
