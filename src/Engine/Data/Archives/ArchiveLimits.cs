namespace ComodCluster.Engine.Data.Archives;

/// <summary>
/// What an uploaded archive may be at most. Unpacked bytes are counted as they are read; what its headers claim is
/// never trusted.
/// </summary>
/// <param name="MaxPackedBytes">Length of the archive.</param>
/// <param name="MaxUnpackedBytes">Bytes of all entries together.</param>
/// <param name="MaxEntries">Entries of any kind.</param>
/// <param name="MaxRatio">Unpacked over packed bytes, of one entry and of the archive; the first mebibyte is
/// free.</param>
/// <param name="MaxNameBytes">Bytes of the entries' names and of what stands beside them, all together.</param>
public sealed record ArchiveLimits(
    long MaxPackedBytes = 4L << 30,
    long MaxUnpackedBytes = 16L << 30,
    int MaxEntries = 1_000_000,
    int MaxRatio = 200,
    long MaxNameBytes = 128L << 20
)
{
    public static ArchiveLimits Default { get; } = new();

    /// <summary>Unpacked bytes below which no ratio counts as a bomb: a flat BMP packs well.</summary>
    public const int FreeBytes = 1 << 20;

    internal InputException TooManyEntries() =>
        new("archive-too-large", $"The archive has more than {MaxEntries:N0} entries; split the data set.");

    internal InputException TooManyNames() =>
        new(
            "archive-too-large",
            $"The names in the archive have more than {MaxNameBytes:N0} bytes; shorten them or split the data set."
        );

    internal InputException TooLargePacked(long bytes) =>
        new(
            "archive-too-large",
            $"The archive has {bytes:N0} bytes and {MaxPackedBytes:N0} are allowed; split the data set."
        );

    internal InputException TooLargeUnpacked() =>
        new("archive-too-large", $"The archive unpacks to more than {MaxUnpackedBytes:N0} bytes; split the data set.");

    internal InputException Bomb(string what) =>
        new(
            "archive-bomb",
            $"{what} unpacks to more than {MaxRatio} times its packed size; send images in their own format, "
                + $"without such padding."
        );
}
