using System.Diagnostics;
using System.Globalization;

namespace ComodCluster.Benchmarks.Measuring;

/// <summary>The greatest resident set of this process since a moment, bytes.</summary>
internal static class PeakMemory
{
    private const string ClearReferences = "/proc/self/clear_refs",
        Status = "/proc/self/status",
        HighWater = "VmHWM:";

    /// <summary>5 sets the kernel's high-water mark to the present resident set (proc(5)).</summary>
    public static void Reset()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (File.Exists(ClearReferences))
            File.WriteAllText(ClearReferences, "5");
    }

    /// <summary>Where the system keeps no such mark that can be reset: the present resident set.</summary>
    public static long Read()
    {
        if (File.Exists(Status) && Parse(File.ReadLines(Status)) is { } bytes)
            return bytes;
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <param name="status">Lines such as <c>VmHWM:   123456 kB</c>.</param>
    internal static long? Parse(IEnumerable<string> status) =>
        status.FirstOrDefault(l => l.StartsWith(HighWater, StringComparison.Ordinal)) is { } line
        && long.TryParse(
            line[HighWater.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var kilobytes
        )
            ? kilobytes * 1024
            : null;
}
