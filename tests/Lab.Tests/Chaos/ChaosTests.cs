using System.Diagnostics;
using System.Text.Json;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Servers;
using ComodCluster.Lab.Chaos;
using ComodCluster.Lab.Chaos.Drills;
using ComodCluster.Lab.Chaos.Soaks;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Lab.Tests.Chaos;

/// <summary>The real program: real silos, a real PostgreSQL, real signals.</summary>
public class ChaosTests
{
    [Fact]
    public Task Chaos_AMinute_LosesAndDoublesNothing() => Survives(60, TimeSpan.FromMinutes(6));

    [Fact(Explicit = true), Trait("Category", "Long")]
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

    public static TheoryData<string> Disasters { get; } = [.. DrillTable.All.Select(drill => drill.Name)];

    [Theory(Explicit = true), MemberData(nameof(Disasters)), Trait("Category", "Long")]
    public async Task Scenario_Disaster_WhatIsExpectedIsTrue(string name) =>
        Assert.Equal(0, (await Run(TimeSpan.FromMinutes(6), "--scenario", name)).ExitCode);

    [Fact(Explicit = true), Trait("Category", "Long")]
    public async Task Scenario_ClocksTenMinutesApart_SilosJoinAndJobsEnd() =>
        Assert.Equal(
            0,
            (await Run(TimeSpan.FromMinutes(8), "--scenario", "clocks-apart", "--adaptations", "2")).ExitCode
        );

    [Fact(Explicit = true), Trait("Category", "Long")]
    public async Task Kills_OfAnInterruptedRun_AreNotRunAgain()
    {
        using var folder = new TempFolder();
        string[] command = ["--kills", "5", "--seed", "7", "--results", folder.Path];

        var (code, first) = await Run(TimeSpan.FromMinutes(6), command);
        var (_, again) = await Run(TimeSpan.FromSeconds(20), command);

        Assert.Equal(0, code);
        Assert.Equal(5, JsonSerializer.Deserialize<KillPart[]>(first, JsonSerializerOptions.Web)!.Sum(p => p.Kills));
        Assert.Equal(first, again);
    }

    [Fact(Explicit = true), Trait("Category", "Long")]
    public async Task Soak_AMinute_HasAFigureOfEach()
    {
        var (code, output) = await Run(TimeSpan.FromMinutes(4), "--soak", "1");

        var result = JsonSerializer.Deserialize<SoakResult>(output, JsonSerializerOptions.Web)!;
        Assert.Equal(0, code);
        Assert.True(result.Tasks > 0);
        Assert.All(result.Figures, figure => Assert.True(figure.Last > 0, figure.Name));
    }

    [Theory]
    [InlineData("kill-one,deadly", "'deadly' is no scenario: choose all or some of kill-one,")]
    [InlineData("", "'' is no scenario")]
    public void Choose_UnknownScenario_NamesAll(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<UsageException>(() => ScenarioChoice.Of(text)).Message);

    [Fact]
    public void Choose_ByNames_FaultsAndDisasters()
    {
        var choice = ScenarioChoice.Of("deadly-job");

        Assert.Empty(choice.Faults);
        Assert.Equal("deadly-job", Assert.Single(choice.Drills).Name);
    }

    [Fact]
    public void Part_ThroughTheJournal_IsTheSame()
    {
        var part = new KillPart(3, 50, 61.5, 4000, 120, 90, 3000, 1);

        Assert.Equal(part, KillPart.Of(3, part.ToEntry("seed 7, part 3", seed: 7)));
    }

    private static async Task Survives(int seconds, TimeSpan most)
    {
        var (code, output) = await Run(most, "--seconds", $"{seconds}");
        var result = JsonSerializer.Deserialize<ChaosResult>(output, JsonSerializerOptions.Web)!;
        Assert.Empty(result.Violations);
        Assert.Equal(0, code);
        Assert.True(result.FaultCount > 0);
        // It said yes often enough for the check to mean something.
        foreach (var operation in new[] { "register", "adapt", "predict", "versions", "task" })
            Assert.True(result.Operations[operation].Acknowledged > 0, operation);
    }

    private static async Task<(int ExitCode, string Output)> Run(TimeSpan most, params string[] arguments)
    {
        if (!LocalPostgres.IsInstalled)
            throw Missing.Of("PostgreSQL is not installed; install Debian's package postgresql.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(most);
        using var chaos = Process.Start(
            new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, "ComodCluster.Lab"),
                ["chaos", .. arguments, "-o", "json"]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
        try
        {
            var output = await chaos.StandardOutput.ReadToEndAsync(patience.Token);
            await chaos.WaitForExitAsync(patience.Token);
            TestContext.Current.TestOutputHelper?.WriteLine(output);
            return (chaos.ExitCode, output);
        }
        finally
        {
            if (!chaos.HasExited)
                chaos.Kill(entireProcessTree: true);
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
