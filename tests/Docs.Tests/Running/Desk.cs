using System.Diagnostics;
using ComodCluster.Client;
using ComodCluster.Docs.Tests.Reading;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Docs.Tests.Running;

/// <summary>
/// Where a reader tries a document: a folder with images, a data directory of their own, a silo that runs.
/// </summary>
internal sealed class Desk : IAsyncDisposable
{
    /// <summary>Where documents say that the silo is.</summary>
    private const string WrittenUrl = "http://127.0.0.1:5080";

    private readonly TempFolder _home = new();
    private readonly TempFolder _work = new();
    private RunningSilo? _silo;

    private Desk() { }

    public static async Task<Desk> Open(CancellationToken cancellation)
    {
        var desk = new Desk();
        try
        {
            var silo = desk.Program("comod", "silo", "--address", "http://127.0.0.1:0");
            desk._silo = await RunningSilo.Start(silo, cancellation);
            using var client = ComodClient.Connect(desk._silo.Url);
            await ReadersFiles.Write(client, desk._work, cancellation);
            return desk;
        }
        catch
        {
            await desk.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a block as one script that ends at the first command that fails.</summary>
    public Task Run(Fence fence, CancellationToken cancellation)
    {
        var script = fence.Text.Replace(WrittenUrl, Address, StringComparison.Ordinal);
        return Succeed(fence, Program("bash", "-euo", "pipefail", "-c", script), cancellation);
    }

    /// <summary>The sample that the block quotes.</summary>
    public Task RunQuickStart(Fence fence, CancellationToken cancellation) =>
        Succeed(fence, Program("ComodCluster.QuickStart", Address, "image.png"), cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
            await _silo.DisposeAsync();
        _home.Dispose();
        _work.Dispose();
    }

    private string Address => _silo!.Url.ToString().TrimEnd('/');

    private ProcessStartInfo Program(string name, params string[] arguments)
    {
        var built = Path.Combine(Programs.Built, name);
        return new(File.Exists(built) ? built : name, arguments)
        {
            WorkingDirectory = _work.Path,
            // The default data directory is below XDG_DATA_HOME.
            Environment =
            {
                ["XDG_DATA_HOME"] = _home.Path,
                ["PATH"] = Programs.SearchPath,
                ["COMOD_ADDRESS"] = "",
            },
        };
    }

    private static async Task Succeed(Fence fence, ProcessStartInfo start, CancellationToken cancellation)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        try
        {
            var texts = await Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(cancellation),
                process.StandardError.ReadToEndAsync(cancellation)
            );
            await process.WaitForExitAsync(cancellation);
            Assert.True(
                process.ExitCode == 0,
                $"{fence.Place} ended with exit code {process.ExitCode}:\n{fence.Text}\n\n{string.Join('\n', texts)}"
            );
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
