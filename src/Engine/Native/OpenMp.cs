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

    // No look at all while it counts more threads than cores. GOMP_SPINCOUNT wins over it as long as they fit.
    private const string WaitPolicy = "OMP_WAIT_POLICY",
        Sleep = "passive";

    private static readonly string[] Waiting = [SpinCount, WaitPolicy],
        Counts = ["OMP_NUM_THREADS", "MKL_NUM_THREADS"];

    /// <summary>How threads wait is for this class to choose.</summary>
    public static bool ChoosesWaiting => OperatingSystem.IsLinux() && LeavesWaiting(Environment.GetEnvironmentVariable);

    /// <summary>
    /// Threads spin briefly and then sleep, or sleep at once beside an <see cref="IdleTeam"/>. The library reads its
    /// environment when it is loaded: call this before anything of libtorch.
    /// </summary>
    public static void ChooseWaiting()
    {
        if (!ChoosesWaiting)
            return;
        // native code does not see what .NET sets
        _ = SetVariable(SpinCount, Looks, overwrite: 0);
        _ = SetVariable(WaitPolicy, Sleep, overwrite: 0);
    }

    /// <summary>Whether the user said nothing about how threads wait.</summary>
    /// <param name="variable">Value of an environment variable; null: not set.</param>
    internal static bool LeavesWaiting(Func<string, string?> variable) => Waiting.All(name => variable(name) is null);

    /// <summary>Threads of an operation: as libtorch has it, but no more than the processors.</summary>
    /// <param name="own">What libtorch takes by itself: it counts cores, and knows nothing of a quota.</param>
    /// <param name="processors">That this process may use, by its affinity and its quota (rounded up).</param>
    /// <inheritdoc cref="LeavesWaiting"/>
    internal static int ThreadsOf(int own, int processors, Func<string, string?> variable) =>
        Counts.Any(name => variable(name) is not null) ? own : Math.Min(own, processors);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
