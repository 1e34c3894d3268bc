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
}
