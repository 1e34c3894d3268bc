using System.Diagnostics;
using System.Text.Json;
using ComodCluster.Api.Tasks;
using ComodCluster.Infrastructure.Servers;
using ComodCluster.Lab.Chaos;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Lab.Tests.Chaos;

/// <summary>The real program: real silos, a real PostgreSQL, real signals.</summary>
public class ChaosTests
{
    [Fact]
    public Task Chaos_AMinute_LosesAndDoublesNothing() => Survives(60, TimeSpan.FromMinutes(6));

    [Fact(Explicit = true), Trait("Duration", "Long")]
    public Task Chaos_TenMinutes_LosesAndDoublesNothing() => Survives(600, TimeSpan.FromMinutes(16));

    [Fact]
    public void Check_WhatMustNotBe_IsFound()
    {
        var (ledger, task) = (
            new Ledger(),
            new TaskRecord("t") { Versions = [Version(1, "a", "one"), Version(2, "b", "two")] }
        );
        ChaosCheck.Appended(ledger, task, task.Versions);
        Assert.Empty(ledger.Violations);
        foreach (
            var (listed, violation) in new (VersionInfo[], string)[]
            {
                ([Version(1, "a", "one")], "had 2 versions and has 1"),
                ([Version(1, "c", "one"), Version(2, "b", "two")], "version 1 of t has changed"),
                ([Version(1, "a", "one"), Version(2, "b", "two"), Version(4, "d", "four")], "numbered 1, 2, 4"),
                ([Version(1, "a", "one"), Version(2, "b", "two"), Version(3, "d", "two")], "job two left 2 versions"),
            }
        )
        {
            ChaosCheck.Appended(ledger, task, listed);
            Assert.True(ledger.Violations.TryDequeue(out var found));
            Assert.Contains(violation, found);
            Assert.Empty(ledger.Violations);
        }
    }

    private static async Task Survives(int seconds, TimeSpan most)
    {
        if (!LocalPostgres.IsInstalled)
            throw Missing.Of("PostgreSQL is not installed; install Debian's package postgresql.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(most);
        using var comod = Process.Start(
            new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, "ComodCluster.Lab"),
                ["chaos", "--seconds", $"{seconds}", "-o", "json"]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
        try
        {
            var output = await comod.StandardOutput.ReadToEndAsync(patience.Token);
            await comod.WaitForExitAsync(patience.Token);
            TestContext.Current.TestOutputHelper?.WriteLine(output);
            var result = JsonSerializer.Deserialize<ChaosResult>(output, JsonSerializerOptions.Web)!;
            Assert.Empty(result.Violations);
            Assert.Equal(0, comod.ExitCode);
            Assert.True(result.FaultCount > 0);
            // It said yes often enough for the check to mean something.
            foreach (var operation in new[] { "register", "adapt", "predict" })
                Assert.True(result.Operations[operation].Acknowledged > 0, operation);
        }
        finally
        {
            if (!comod.HasExited)
                comod.Kill(entireProcessTree: true);
        }
    }

    private static VersionInfo Version(int number, string digest, string job) =>
        new()
        {
            Version = number,
            Digest = digest,
            Job = job,
            Phase = VersionPhase.Ready,
            Active = false,
            Method = Method.Gain,
            Seed = 0,
            Examples = 1,
            Steps = 1,
            TrainedParameters = 1,
            Seconds = 1,
            StateBytes = 1,
            BackboneDigest = "",
            Profile = "",
            Metrics = new(),
            Created = default,
        };
}
