using System.Globalization;

namespace ComodCluster.Infrastructure.Linux;

/// <summary>Programs whose clock is wrong, by Debian's package faketime. Intervals and the times of files stay
/// right.</summary>
public static class ShiftedClock
{
    private const string Library = "libfaketimeMT.so.1";

    public static bool IsInstalled => Find() is not null;

    /// <summary>The words that run a program with a clock which is ahead by so much; none where it is right.</summary>
    /// <exception cref="InvalidOperationException">faketime is not installed.</exception>
    public static IReadOnlyList<string> Ahead(TimeSpan by) =>
        by == default
            ? []
            :
            [
                "env",
                $"LD_PRELOAD={Find() ?? throw new InvalidOperationException("Install Debian's package faketime.")}",
                string.Create(CultureInfo.InvariantCulture, $"FAKETIME={by.TotalSeconds:+0;-0}"),
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "NO_FAKE_STAT=1",
            ];

    private static string? Find() =>
        Directory.Exists("/usr/lib")
            ? Directory
                .GetDirectories("/usr/lib", "*-linux-gnu")
                .Select(folder => Path.Combine(folder, "faketime", Library))
                .FirstOrDefault(File.Exists)
            : null;
}
