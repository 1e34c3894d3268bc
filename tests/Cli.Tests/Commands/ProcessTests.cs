using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace ComodCluster.Cli.Tests.Commands;

/// <summary>The real program at a real server.</summary>
public class ProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly CancellationToken s_cancellation = TestContext.Current.CancellationToken;

    /// <summary>A proxy leads to other machines: none of them is the one that the silo runs on.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task JobList_WithProxiesInTheEnvironment_ReachesLoopback(string host)
    {
        await using var server = await WebServer.Start(context =>
            context.Response.WriteAsJsonAsync(new { items = Array.Empty<int>() })
        );
        var url = new UriBuilder(server.Url) { Host = host }.Uri;
        using var comod = Comod(
            ["job", "list", "--address", $"{url}"],
            [
                .. from name in (string[])["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
                select $"{name}=http://127.0.0.1:1",
            ]
        );
        Assert.Equal((0, "No jobs yet."), await Ended(comod));
    }

    [Fact]
    public async Task JobWatch_Interrupted_SaysThatTheJobGoesOnAndHowToFollowItAgain()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It sends a signal.");
        const string job =
            """{"id":"monday","kind":"adapt","phase":"running","subject":"t","progress":0.5,"created":"2026-01-01T00:00:00Z"}""";
        var watched = new TaskCompletionSource();
        await using var server = await WebServer.Start(async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/events", StringComparison.Ordinal))
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(job);
                return;
            }
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync($"event: progress\ndata: {job}\n\n");
            await context.Response.Body.FlushAsync();
            watched.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var comod = Comod(["job", "watch", "monday", "--address", $"{server.Url}"]);
        var ended = Ended(comod);
        await watched.Task.WaitAsync(Patience, s_cancellation);
        using (var signal = Process.Start("kill", ["-INT", $"{comod.Id}"]))
            await signal.WaitForExitAsync(s_cancellation);
        var (exit, said) = await ended;
        Assert.Equal(130, exit);
        Assert.Contains("Job monday goes on; 'comod job watch monday' follows it again.", said);
        Assert.EndsWith("Interrupted.", said);
    }

    private static Process Comod(string[] arguments, params string[] environment) =>
        Process.Start(
            new ProcessStartInfo(
                "env",
                // In the background of a shell SIGINT is ignored, and so it would be by the child.
                ["--default-signal=INT", .. environment, Path.Combine(AppContext.BaseDirectory, "comod"), .. arguments]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    private static async Task<(int Exit, string Said)> Ended(Process comod)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(s_cancellation);
        patience.CancelAfter(Patience);
        try
        {
            var output = comod.StandardOutput.ReadToEndAsync(patience.Token);
            var said = await comod.StandardError.ReadToEndAsync(patience.Token);
            await output;
            await comod.WaitForExitAsync(patience.Token);
            return (comod.ExitCode, said.Trim());
        }
        finally
        {
            if (!comod.HasExited)
                comod.Kill();
        }
    }
}
