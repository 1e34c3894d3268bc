using System.Globalization;

namespace ComodCluster.Engine.Native;

/// <summary>How this machine's cores have spent their time so far, in core-seconds.</summary>
/// <param name="Cores">Of the machine.</param>
/// <param name="Idle">Nobody's.</param>
/// <param name="Busy">Of all programs, and of other machines on the same host.</param>
/// <param name="Own">Of this process.</param>
internal readonly record struct CoreTimes(int Cores, double Idle, double Busy, double Own)
{
    private const string Source = "/proc/stat";
    private const double TicksPerSecond = 100; // of the file, at any rate of the kernel

    /// <summary>Null where the system does not say it.</summary>
    public static CoreTimes? Read()
    {
        try
        {
            return Parse(File.ReadLines(Source), Environment.CpuUsage.TotalTime.TotalSeconds);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="lines">First the sum of all cores, then a line for each: user, nice, system, idle, waiting for a
    /// disk, two kinds of interrupts, stolen; then guests, who are in user and nice already.</param>
    internal static CoreTimes? Parse(IEnumerable<string> lines, double own)
    {
        var cores = lines.TakeWhile(line => line.StartsWith("cpu", StringComparison.Ordinal)).ToArray();
        var ticks = cores
            .FirstOrDefault("")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Take(8)
            .Select(t =>
                double.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : double.NaN
            )
            .ToArray();
        if (ticks.Length < 8 || cores.Length < 2)
            return null;
        var idle = ticks[3] + ticks[4];
        return new CoreTimes(cores.Length - 1, idle / TicksPerSecond, (ticks.Sum() - idle) / TicksPerSecond, own);
    }

    /// <summary>Cores that were this process's or nobody's, on average.</summary>
    public double FreeSince(CoreTimes earlier) =>
        Cores * (Idle - earlier.Idle + Own - earlier.Own) / (Idle - earlier.Idle + Busy - earlier.Busy);
}
