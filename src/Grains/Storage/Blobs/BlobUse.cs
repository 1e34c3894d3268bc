namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>What a blob is to those who read it: said when it is missing or damaged.</summary>
/// <param name="What">Whose it is, as the beginning of a sentence in the singular.</param>
/// <param name="Fix">What to do.</param>
public sealed record BlobUse(string What, string Fix)
{
    private const string Restore = "restore the blob from a backup";

    internal static BlobUse Unknown { get; } = new("Stored data", $"{Restore}, or upload or adapt again");

    public static BlobUse State(string task, int version) =>
        new($"The state of version {version} of the task '{task}'", $"{Restore}, or activate another version (0 is the base)");

    /// <summary>Bytes that are stored again get the name that they had.</summary>
    public static BlobUse Weights(string backbone) => new($"The file with the weights of the backbone '{backbone}'", $"{Restore}, or upload the same weights again under that name");

    /// <inheritdoc cref="Weights"/>
    public static BlobUse Images(string dataset) =>
        new($"The pack with the images of the data set '{dataset}'", $"{Restore}, or import the same data again under another name, which brings the same blob back");

    public static BlobUse Archive(string dataset) => new($"The uploaded archive of the data set '{dataset}'", "upload it again");
}
