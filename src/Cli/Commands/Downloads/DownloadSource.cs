namespace ComodCluster.Cli.Commands.Downloads;

/// <summary>A file of known checksum, and what to tell a user whom it fails.</summary>
/// <param name="Option">The option that names the address.</param>
/// <param name="SumOption">The one that names the checksum; null: it is known.</param>
/// <param name="MaxBytes">Larger ones are given up.</param>
internal sealed record DownloadSource(
    Uri Url,
    Checksum Sum,
    string Option,
    string? SumOption = null,
    long MaxBytes = long.MaxValue
);
