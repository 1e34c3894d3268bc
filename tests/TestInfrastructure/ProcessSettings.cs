using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ComodCluster.TestInfrastructure;

/// <summary>
/// Linked into every test assembly: how libraries of its process, and processes that it starts, use the processor. No
/// result depends on it.
/// </summary>
internal static class ProcessSettings
{
#pragma warning disable CA2255 // Libraries read the environment once, when they load: nothing of a test may run before.
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void Choose()
    {
        // OpenMP's threads sleep at a barrier: test assemblies run side by side, and threads that spin there take the
        // cores from each other.
        Set("OMP_WAIT_POLICY", "PASSIVE");
        // Silos of tests live for seconds: what a start calls a few dozen times is not worth a second, optimized
        // compilation.
        Set("DOTNET_TC_CallCountThreshold", "1000");
    }

    /// <summary>What is set already stays.</summary>
    private static void Set(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null)
            return;
        Environment.SetEnvironmentVariable(name, value);
        // Native code does not see what .NET sets.
        if (OperatingSystem.IsLinux())
            _ = setenv(name, value, 1);
    }

    // the C library's name; generated marshalling would need unsafe code
#pragma warning disable IDE1006, SYSLIB1054, CA5392, CA2101
    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int setenv(string name, string value, int overwrite);
#pragma warning restore IDE1006, SYSLIB1054, CA5392, CA2101
}
