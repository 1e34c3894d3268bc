using System.Diagnostics;
using System.Globalization;

namespace ComodCluster.Benchmarks.Peers;

/// <summary>
/// A Python program that takes samples of its own on request: one line asks, one line answers with seconds.
/// </summary>
internal sealed class PythonPeer : IDisposable
{
    private const string Interpreter = "COMOD_PYTHON";
    private readonly Process _process;

    private PythonPeer(Process process, string versions) => (_process, Versions) = (process, versions);

    /// <summary>What it runs on, in words.</summary>
    public string Versions { get; }

    /// <param name="script">Below Peers/. Its first line on the standard output is <c>ready</c> and its
    /// versions.</param>
    /// <exception cref="BenchmarkException">It does not start.</exception>
    public static PythonPeer Start(string script, params string[] arguments)
    {
        var python = Environment.GetEnvironmentVariable(Interpreter) ?? "/usr/bin/python3";
        if (!File.Exists(python))
            throw Missing(python, "it is not there");
        var start = new ProcessStartInfo(
            python,
            [Path.Combine(AppContext.BaseDirectory, "Peers", script), .. arguments]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        if (process.StandardOutput.ReadLine() is not { } line || !line.StartsWith("ready ", StringComparison.Ordinal))
        {
            process.WaitForExit();
            process.Dispose();
            throw Missing(python, "it ended before it was ready, see above");
        }
        return new PythonPeer(process, line["ready ".Length..]);
    }

    /// <returns>Seconds of the sample.</returns>
    public double Sample(string request)
    {
        _process.StandardInput.WriteLine(request);
        _process.StandardInput.Flush();
        return double.Parse(
            _process.StandardOutput.ReadLine()
                ?? throw new BenchmarkException($"The Python peer ended when it was asked for '{request}'; see above."),
            CultureInfo.InvariantCulture
        );
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static BenchmarkException Missing(string python, string why) =>
        new(
            $"The peer PyTorch cannot run with {python}: {why}. Install python3-torch and python3-torchvision "
                + $"(Debian), or name an interpreter that has both in {Interpreter}."
        );
}
