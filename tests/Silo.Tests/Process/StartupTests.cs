using System.Net;
using System.Net.Sockets;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Process;

public class StartupTests
{
    [Fact]
    public async Task Start_PortInUse_OneSentenceAndExitCode1()
    {
        using var folder = new TempFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        SiloProcess.OneSentence(
            await SiloProcess.Fails("--data-dir", folder.Path, "--port", $"{port}"),
            1,
            $"Port {port} is in use",
            "--port"
        );
        Assert.Empty(folder.Files());
    }

    [Fact]
    public async Task Start_DirectoryOfAnotherSilo_OneSentenceAndTheFirstLivesOn()
    {
        using var folder = new TempFolder();
        await using var first = await SiloProcess.Ready(folder.Path);
        SiloProcess.OneSentence(
            await SiloProcess.Fails("--data-dir", folder.Path, "--port", "0"),
            1,
            folder.Path,
            $"{first.Id}",
            "--data-dir"
        );
        Assert.Equal(
            HttpStatusCode.OK,
            (await first.Client.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode
        );
    }

    [Fact]
    public async Task Start_DirectoryIsAFile_OneSentence()
    {
        using var folder = new TempFolder();
        var file = folder.File("taken");
        await File.WriteAllTextAsync(file, "x", TestContext.Current.CancellationToken);
        SiloProcess.OneSentence(await SiloProcess.Fails("--data-dir", file, "--port", "0"), 1, file, "--data-dir");
    }

    [Fact]
    public async Task Start_GpuThatIsNotThere_OneSentence()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "There is a GPU.");
        using var folder = new TempFolder();
        SiloProcess.OneSentence(
            await SiloProcess.Fails("--data-dir", folder.Path, "--port", "0", "--device", "cuda"),
            1,
            "cuda",
            "cpu"
        );
    }

    [Theory]
    [InlineData(1, "Comod:Colour is no setting", "--Comod:Colour=red")]
    [InlineData(1, "Comod:Port", "--port", "eighty")]
    [InlineData(1, "127.0.0.1", "--address", "http://0.0.0.0:5080")]
    [InlineData(2, "--help", "--colour", "red")]
    public async Task Start_BadArgument_OneSentenceThatNamesTheFix(
        int exitCode,
        string named,
        params string[] arguments
    )
    {
        using var folder = new TempFolder();
        SiloProcess.OneSentence(await SiloProcess.Fails(["--data-dir", folder.Path, .. arguments]), exitCode, named);
        Assert.Empty(folder.Files());
    }

    [Fact]
    public async Task Start_SeveralBadSettings_OneListOfAll()
    {
        using var folder = new TempFolder();
        var (exitCode, errors) = await SiloProcess.Fails(
            "--data-dir",
            folder.Path,
            "--port",
            "eighty",
            "--Comod:Engine:Precison=auto",
            "--Comod:Admission:Uploads=0",
            "--Comod:Blobs=s3://Bucket"
        );
        Assert.Equal(1, exitCode);
        var lines = errors.Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.Equal("comod silo: 4 settings cannot be used:", lines[0]);
        Assert.Contains(
            "- Comod:Engine:Precison is no setting of the silo; the nearest is Comod:Engine:Precision.",
            lines
        );
        Assert.Contains("- Comod:Port cannot be 'eighty'; take 0 to 65535.", lines);
        Assert.Contains("- Comod:Admission:Uploads cannot be '0'; take 1 or more.", lines);
        Assert.Contains(
            lines,
            line =>
                line.StartsWith(
                    "- Comod:Blobs cannot be used: 'Bucket' is no name of a bucket",
                    StringComparison.Ordinal
                )
        );
        Assert.Empty(folder.Files());
    }

    [Fact]
    public async Task Terminate_RunningSilo_EndsCleanly()
    {
        using var folder = new TempFolder();
        await using var silo = await SiloProcess.Ready(folder.Path);
        Assert.Contains("silo.json", folder.Files());
        Assert.Equal(0, await silo.Terminate());
        Assert.DoesNotContain(" fail: ", silo.Errors);
        Assert.DoesNotContain(" crit: ", silo.Errors);
        Assert.DoesNotContain("silo.json", folder.Files());
    }

    [Fact]
    public async Task Start_ParentEnds_SiloEndsToo()
    {
        using var folder = new TempFolder();
        using var parent = System.Diagnostics.Process.Start("sleep", ["600"]);
        await using var silo = await SiloProcess.Ready(folder.Path, "--parent-pid", $"{parent.Id}");
        parent.Kill();
        Assert.Equal(0, await silo.Exit());
    }

    [Fact]
    public async Task Start_TwoDirectories_DoNotCollide()
    {
        using var left = new TempFolder();
        using var right = new TempFolder();
        await using var first = await SiloProcess.Ready(left.Path);
        await using var second = await SiloProcess.Ready(right.Path);
        Assert.NotEqual(first.Client.BaseAddress, second.Client.BaseAddress);
        Assert.Equal(
            HttpStatusCode.OK,
            (await first.Client.GetAsync("/v1/tasks", TestContext.Current.CancellationToken)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.OK,
            (await second.Client.GetAsync("/v1/tasks", TestContext.Current.CancellationToken)).StatusCode
        );
    }
}
