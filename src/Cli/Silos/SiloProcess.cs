using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ComodCluster.Cli.Silos;

/// <summary>
/// A silo as a child process: it listens when <see cref="Start(SiloSettings, CancellationToken)"/> returns, and is gone
/// when this is disposed.
/// </summary>
internal sealed partial class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly SiloOutput _output;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(Process process, SiloOutput output) => (_process, _output) = (process, output);

    public Uri Url => _ready.Task.Result;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Completes when it has ended.</summary>
    public Task Exited => _process.WaitForExitAsync(CancellationToken.None);

    /// <param name="signal">A signal that <see cref="Termination"/> names.</param>
    public void Send(int signal) => Termination.Send(_process, signal);

    /// <exception cref="SiloException">It ended instead of listening, or there is no such program; the message says
    /// what it wrote.</exception>
    public static Task<SiloProcess> Start(SiloSettings settings, CancellationToken cancellation) =>
        Start(Invocation(settings), settings.DataDirectory, cancellation);

    /// <inheritdoc cref="Start(SiloSettings, CancellationToken)"/>
    internal static async Task<SiloProcess> Start(
        ProcessStartInfo start,
        string directory,
        CancellationToken cancellation
    )
    {
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        var silo = new SiloProcess(
            new Process { StartInfo = start, EnableRaisingEvents = true },
            new SiloOutput(directory)
        );
        try
        {
            await silo.Run(cancellation);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the silo's program on this process's output, to its end or until it is cancelled.</summary>
    /// <param name="verb">Words before its settings; none: it serves.</param>
    /// <returns>Its exit code.</returns>
    public static async Task<int> Attached(
        SiloSettings settings,
        IReadOnlyList<string> verb,
        CancellationToken cancellation
    )
    {
        using var process = new Process { StartInfo = Invocation(settings, verb) };
        process.Start();
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Termination.Ask(process);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        return process.ExitCode;
    }

    /// <summary>How the silo is run: by the same .NET as this process.</summary>
    public static ProcessStartInfo Invocation(SiloSettings settings, params IReadOnlyList<string> verb)
    {
        string[] command = [.. settings.Under, Host(), SiloLocation.Find(), .. verb, .. settings.Arguments()];
        return new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false };
    }

    /// <summary>
    /// The program that this runtime belongs to (its folder is <c>shared/NAME/VERSION</c> there), so that no PATH is
    /// asked which .NET it is.
    /// </summary>
    private static string Host()
    {
        var host = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet");
        return File.Exists(host) ? Path.GetFullPath(host) : "dotnet";
    }

    private async Task Run(CancellationToken cancellation)
    {
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => _output.Add(line.Data);
        try
        {
            _process.Start();
        }
        catch (Win32Exception e)
        {
            throw new SiloException(
                "silo-failed",
                $"The silo cannot be started with {_process.StartInfo.FileName}: {e.Message}. Install the .NET 10 "
                    + $"runtime, or put it on PATH."
            );
        }
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Close();

        var ended = _process.WaitForExitAsync(cancellation);
        await Task.WhenAny(_ready.Task, ended);
        if (_ready.Task.IsCompletedSuccessfully)
            return;
        await ended;
        throw new SiloException("silo-failed", _output.Reason(_process.ExitCode));
    }

    private void Hear(string? line)
    {
        _output.Add(line);
        if (line is not null && ReadyLine().Match(line) is { Success: true } ready)
            _ready.TrySetResult(new Uri(ready.Groups["url"].Value));
    }

    /// <summary>Ends it as a power failure would: nothing in it runs any more.</summary>
    public async Task KillHard()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
            {
                Termination.Ask(_process);
                try
                {
                    await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(s_grace);
                }
                catch (TimeoutException)
                {
                    await KillHard();
                }
            }
        }
        catch (InvalidOperationException)
        {
            // It was never started.
        }
        _process.Dispose();
    }

    [GeneratedRegex(@"comod silo ready on (?<url>https?://\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex ReadyLine();
}
