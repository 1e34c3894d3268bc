using System.Diagnostics;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Cli.Tests.Commands;

/// <summary>The real program, which starts a real silo for each command.</summary>
public class AdaptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Adapt_MethodAuto_SaysWhichMethodItTookAndAgainstWhat()
    {
        using var data = new TempFolder();
        await Comod(data, "data scenes line --classes gear,washer --train 60 --test 60");
        await Comod(data, "task create gear-or-washer --backbone scenes --dataset line --classes gear,washer");
        var lines = await Comod(data, "task adapt gear-or-washer --methods auto --examples 16 --steps 3");
        var version = Assert.Single(lines, line => line.StartsWith("1 * ", StringComparison.Ordinal));
        var reason = Assert.Single(
            lines,
            line => line.StartsWith("Version 1 is of the method that auto chose. ", StringComparison.Ordinal)
        );
        var method = version.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        Assert.Contains(method, (string[])["readout", "gain", "difference", "comodulation"]);
        // Few examples: on parts that are left out in turn.
        Assert.Matches($@"auto chose\. {method}: held-out loss [0-9.]+ .*\(4 folds of 16 examples\)", reason);
        Assert.Contains(
            await Comod(data, "task versions gear-or-washer"),
            line => line.StartsWith($"1 *       ready   {method} ", StringComparison.Ordinal)
        );
    }

    /// <returns>Lines of the output; a command that fails fails the test with what it said.</returns>
    private static async Task<string[]> Comod(TempFolder data, string line)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        using var comod = Process.Start(
            new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, "comod"),
                [.. line.Split(' '), "--data-dir", data.Path, "--threads", "1"]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        try
        {
            var (output, errors) = (
                comod.StandardOutput.ReadToEndAsync(patience.Token),
                comod.StandardError.ReadToEndAsync(patience.Token)
            );
            await comod.WaitForExitAsync(patience.Token);
            Assert.True(comod.ExitCode == 0, $"comod {line}: {await output}{await errors}");
            return (await output).Split('\n');
        }
        finally
        {
            if (!comod.HasExited)
                comod.Kill(entireProcessTree: true);
        }
    }
}
