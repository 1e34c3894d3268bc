using System.Diagnostics;

namespace ComodCluster.Infrastructure.Linux;

/// <summary>Programs of the system: databases, mounts, networks.</summary>
public static class ShellCommand
{
    /// <exception cref="InvalidOperationException">It is missing or fails; the message has what it wrote.</exception>
    public static async Task Run(params string[] command)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            }
        )!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} failed: {await output} {await errors}");
    }

    /// <summary>As <see cref="Run"/>, where a failure changes nothing any more.</summary>
    public static async Task Try(params string[] command)
    {
        try
        {
            await Run(command);
        }
        catch (InvalidOperationException)
        {
            // What should go is gone already.
        }
    }
}
