using System.Runtime.InteropServices;

namespace ComodCluster.Engine.Native;

/// <summary>
/// The threads that share libtorch's operations: how many, and how they wait for each other
/// (docs/decisions/0024-threads-beside-other-programs.md). What the user's environment says about them stays.
/// </summary>
internal static partial class OpenMp
{
    // Looks at a barrier before a thread sleeps, some 20 to 50 microseconds: as long as most gaps between two
    // operations. The library's own 300,000 keep a core from the very thread that is waited for.
    private const string SpinCount = "GOMP_SPINCOUNT",
        Looks = "1000";

    private static readonly string[] Waiting = [SpinCount, "OMP_WAIT_POLICY"],
        Counts = ["OMP_NUM_THREADS", "MKL_NUM_THREADS"];

    /// <summary>
    /// Threads spin briefly and then sleep. The library reads its environment when it is loaded: call this before
    /// anything of libtorch.
    /// </summary>
    public static void ChooseWaiting()
    {
        // native code does not see what .NET sets
        if (OperatingSystem.IsLinux() && WaitingOf(Environment.GetEnvironmentVariable) is { } looks)
            _ = SetVariable(SpinCount, looks, overwrite: 0);
    }

    /// <param name="variable">Value of an environment variable; null: not set.</param>
    /// <returns>Null: as the user has it.</returns>
    internal static string? WaitingOf(Func<string, string?> variable) =>
        Waiting.Any(name => variable(name) is not null) ? null : Looks;

    /// <summary>Threads of an operation: as libtorch has it, but no more than the processors.</summary>
    /// <param name="own">What libtorch takes by itself: it counts cores, and knows nothing of a quota.</param>
    /// <param name="processors">That this process may use, by its affinity and its quota (rounded up).</param>
    /// <inheritdoc cref="WaitingOf"/>
    internal static int ThreadsOf(int own, int processors, Func<string, string?> variable) =>
        Counts.Any(name => variable(name) is not null) ? own : Math.Min(own, processors);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
