using System.Diagnostics;
using ComodCluster.Engine.Native;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Process;

/// <summary>What libtorch's OpenMP itself says that it read, in a silo that finds no such device.</summary>
public class OpenMpTests
{
    [Theory]
    [InlineData(null, "1000")]
    [InlineData("7", "7")]
    public async Task Start_UsersSpinCount_WinsOverTheBriefOne(string? given, string read)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "OpenMP is another library there.");
        using var folder = new TempFolder();
        var environment = new Dictionary<string, string?>
        {
            ["OMP_DISPLAY_ENV"] = "VERBOSE",
            ["OMP_WAIT_POLICY"] = null,
            ["GOMP_SPINCOUNT"] = given,
        };

        var (exitCode, said) = await SiloProcess.Fails(
            environment,
            "--data-dir",
            folder.Path,
            "--port",
            "0",
            "--device",
            "cuda:99"
        );

        Assert.Equal(1, exitCode);
        Assert.Contains($"GOMP_SPINCOUNT = '{read}'", said);
    }

    [Fact]
    public async Task Run_OthersTakeAllCores_ThreadsSleepAtOnce()
    {
        var cores = CoreTimes.Read()?.Cores ?? 0;
        Assert.SkipUnless(cores > 1, "A team of one waits for nobody, and only Linux says what its cores do.");
        Assert.SkipUnless(cores == Environment.ProcessorCount, "This process may not take all cores.");
        using var folder = new TempFolder();
        await using var silo = SiloProcess.Begin(
            new Dictionary<string, string?> { ["OMP_WAIT_POLICY"] = null },
            "--data-dir",
            folder.Path,
            "--port",
            "0",
            "--device",
            "cpu",
            "--parent-pid",
            $"{Environment.ProcessId}"
        );
        await silo.Address;

        // Those who look for the team are the crowd.
        var seen = await Task.WhenAll(
            Enumerable.Range(0, cores).Select(_ => Task.Factory.StartNew(Seen, TaskCreationOptions.LongRunning))
        );

        Assert.All(seen, Assert.True);

        bool Seen()
        {
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
                if (ProcessThreads.Names(silo.Id).Contains(IdleTeam.Name))
                    return true;
            return false;
        }
    }
}
