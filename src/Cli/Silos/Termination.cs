using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ComodCluster.Cli.Silos;

/// <summary>Asks a process to end (SIGTERM), to hang or to go on: signals, which .NET has no call for.</summary>
internal static partial class Termination
{
    public const int Terminate = 15,
        Stop = 19,
        Continue = 18;

    /// <remarks>Windows knows no such signal for a console process without a window: there it is ended at
    /// once.</remarks>
    public static void Ask(Process process)
    {
        if (OperatingSystem.IsWindows() || kill(process.Id, Terminate) != 0)
            process.Kill();
    }

    /// <summary>Linux only. Does nothing to a process that has ended.</summary>
    public static void Send(Process process, int signal)
    {
        if (!process.HasExited)
            _ = kill(process.Id, signal);
    }

    // the C library's name; blittable arguments need no generated marshalling
#pragma warning disable IDE1006, SYSLIB1054, CA5392
    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
#pragma warning restore IDE1006, SYSLIB1054, CA5392
}
