namespace ComodCluster.Silo.Telemetry;

/// <summary>
/// Ids of the log events of the silo's own rooms: an id keeps its meaning and is never used for another.
/// </summary>
internal static class SiloEvents
{
    // Requests
    public const int RequestFailed = 2001;
    public const int BackupFailed = 2002;

    // Start
    public const int NotReady = 2101;
    public const int AddressNotWritten = 2102;
    public const int PreloadFailed = 2103;

    // 2104 was a built-in backbone that could not be registered at the start.
    public const int PasswordAmongArguments = 2105;

    // End
    public const int DeviceLost = 2201;
}
