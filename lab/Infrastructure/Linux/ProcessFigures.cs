using System.Globalization;

namespace ComodCluster.Infrastructure.Linux;

/// <summary>What the kernel knows of a process.</summary>
public static class ProcessFigures
{
    /// <summary>The largest resident set so far.</summary>
    public static long PeakBytes(int process) => Status(process, "VmHWM") << 10;

    public static long ResidentBytes(int process) => Status(process, "VmRSS") << 10;

    public static int Threads(int process) => (int)Status(process, "Threads");

    /// <summary>Open files, sockets and the like.</summary>
    public static int Handles(int process) => Directory.GetFileSystemEntries($"/proc/{process}/fd").Length;

    private static long Status(int process, string name)
    {
        var line = File.ReadLines($"/proc/{process}/status")
            .First(l => l.StartsWith($"{name}:", StringComparison.Ordinal));
        return long.Parse(
            line[(name.Length + 1)..].Replace("kB", "", StringComparison.Ordinal),
            NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture
        );
    }
}
