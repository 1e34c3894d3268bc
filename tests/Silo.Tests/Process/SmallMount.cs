using System.Diagnostics;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Process;

/// <summary>A file system of a few mebibytes, where the tests may mount one.</summary>
public sealed class SmallMount : IDisposable
{
    private readonly TempFolder _folder = new();

    private SmallMount() { }

    public string Path => _folder.Path;

    /// <summary>Skips the calling test where no file system can be mounted.</summary>
    /// <param name="options">Options of tmpfs: <c>size=2m</c>, <c>ro</c>.</param>
    public static SmallMount OrSkip(string options)
    {
        var mount = new SmallMount();
        if (OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", mount.Path))
            return mount;
        mount._folder.Dispose();
        Assert.Skip("Mounting a small file system needs Linux and root.");
        throw new UnreachableException();
    }

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true }
        );
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}
