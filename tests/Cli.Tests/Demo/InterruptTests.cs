using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ComodCluster.Cli.Tests.Demo;

/// <summary>Ctrl-C in the real program with its real silo.</summary>
public partial class InterruptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Demo_Interrupted_ExitsWith130AndLeavesNeitherProcessNorData()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It sends a signal and looks into /proc.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var report = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        // Where the tests themselves run in the background of a shell, SIGINT is ignored, and so it would be by their
        // children.
        var start = new ProcessStartInfo(
            "env",
            [
                "--default-signal=INT",
                Path.Combine(AppContext.BaseDirectory, "comod"),
                "demo",
                "--quick",
                "--report",
                report,
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var comod = Process.Start(start)!;
        var errors = comod.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            var (silo, data) = await Listening(comod.StandardOutput, patience.Token);
            Assert.True(Directory.Exists(data));
            using (var signal = Process.Start("kill", ["-INT", $"{comod.Id}"]))
                await signal.WaitForExitAsync(patience.Token);
            await comod.StandardOutput.ReadToEndAsync(patience.Token);
            await comod.WaitForExitAsync(patience.Token);
            Assert.Equal(130, comod.ExitCode);
            Assert.Equal("Interrupted.", (await errors).Trim());
            Assert.False(Directory.Exists($"/proc/{silo}"));
            Assert.False(Directory.Exists(data));
            Assert.False(File.Exists(report));
        }
        finally
        {
            if (!comod.HasExited)
                comod.Kill(entireProcessTree: true);
        }
    }

    private static async Task<(string Silo, string Data)> Listening(StreamReader output, CancellationToken cancellation)
    {
        while (await output.ReadLineAsync(cancellation) is { } line)
            if (ListeningLine().Match(line) is { Success: true } match)
                return (match.Groups[1].Value, match.Groups[2].Value);
        throw new InvalidOperationException("comod ended before its silo listened.");
    }

    [GeneratedRegex(@"^Process (\d+) listens on \S+; data in (.+)\.$")]
    private static partial Regex ListeningLine();
}
