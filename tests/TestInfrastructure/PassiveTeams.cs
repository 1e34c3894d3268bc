using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ComodCluster.TestInfrastructure;

/// <summary>
/// Linked into every test assembly. OpenMP's threads sleep at a barrier: test assemblies run side by side, and threads that spin there take the cores from
/// each other. No result depends on it.
/// </summary>
internal static class PassiveTeams
{
    private const string Policy = "OMP_WAIT_POLICY";

#pragma warning disable CA2255 // The library reads it once, when it loads: nothing of a test may run before.
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void Choose()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Policy) is not null) return;
        // For processes that tests start; native code of this one does not see it.
        Environment.SetEnvironmentVariable(Policy, "PASSIVE");
        _ = setenv(Policy, "PASSIVE", 1);
    }

#pragma warning disable IDE1006, SYSLIB1054, CA5392, CA2101 // the C library's name; generated marshalling would need unsafe code
    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int setenv(string name, string value, int overwrite);
#pragma warning restore IDE1006, SYSLIB1054, CA5392, CA2101
}
