namespace ComodCluster.Cli.Commands.Files;

/// <summary>Tells a full disk from other failures of writing.</summary>
internal static class FullDisk
{
    // Low 16 bits of IOException.HResult: ENOSPC and EDQUOT on Unix, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on
    // Windows.
    private static readonly int[] s_codes = OperatingSystem.IsWindows() ? [112, 39] : [28, 122];

    public static bool Is(IOException failure) => s_codes.Contains(failure.HResult & 0xFFFF);
}
