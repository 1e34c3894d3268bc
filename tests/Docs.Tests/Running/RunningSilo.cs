using System.Diagnostics;
using System.Text.RegularExpressions;
using ComodCluster.Cli.Silos;

namespace ComodCluster.Docs.Tests.Running;

/// <summary>What <c>comod silo</c> starts, on a free port.</summary>
internal sealed partial class RunningSilo : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _rest;

    private RunningSilo(Process process, Uri url)
    {
        (_process, Url) = (process, url);
        // A pipe that nobody reads holds its writer up.
        _rest = process.StandardOutput.ReadToEndAsync();
    }

    public Uri Url { get; }

    /// <summary>Returns once it listens.</summary>
    public static async Task<RunningSilo> Start(ProcessStartInfo start, CancellationToken cancellation)
    {
        start.RedirectStandardOutput = true;
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
            if (ReadyLine().Match(line) is { Success: true } ready)
                return new(process, new Uri(ready.Groups[1].Value));
        throw new InvalidOperationException("comod silo ended before it listened.");
    }

    public async ValueTask DisposeAsync()
    {
        Termination.Ask(_process);
        await _process.WaitForExitAsync();
        await _rest;
        _process.Dispose();
    }

    [GeneratedRegex(@"comod silo ready on (\S+)")]
    private static partial Regex ReadyLine();
}
