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
        SiloProcess.OneSentence(await SiloProcess.Fails("--data", folder.Path, "--port", $"{port}"), 1, $"Port {port} is in use", "--port");
        Assert.Empty(folder.Files());
    }

    [Fact]
    public async Task Start_DirectoryOfAnotherSilo_OneSentenceAndTheFirstLivesOn()
    {
        using var folder = new TempFolder();
        await using var first = await SiloProcess.Ready(folder.Path);
        SiloProcess.OneSentence(await SiloProcess.Fails("--data", folder.Path, "--port", "0"), 1, folder.Path, $"{first.Id}", "--data");
        Assert.Equal(HttpStatusCode.OK, (await first.Client.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Start_DirectoryIsAFile_OneSentence()
    {
        using var folder = new TempFolder();
        var file = folder.File("taken");
        await File.WriteAllTextAsync(file, "x", TestContext.Current.CancellationToken);
        SiloProcess.OneSentence(await SiloProcess.Fails("--data", file, "--port", "0"), 1, file, "--data");
    }

    [Fact]
    public async Task Start_GpuThatIsNotThere_OneSentence()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "There is a GPU.");
        using var folder = new TempFolder();
        SiloProcess.OneSentence(await SiloProcess.Fails("--data", folder.Path, "--port", "0", "--device", "cuda"), 1, "cuda", "cpu");
    }

    [Theory]
    [InlineData(1, "'Comod:Colour'", "--Comod:Colour=red")]
    [InlineData(1, "Comod:Port", "--port", "eighty")]
    [InlineData(1, "127.0.0.1", "--url", "http://0.0.0.0:5080")]
    [InlineData(2, "--help", "--colour", "red")]
    public async Task Start_BadArgument_OneSentenceThatNamesTheFix(int exitCode, string named, params string[] arguments)
    {
        using var folder = new TempFolder();
        SiloProcess.OneSentence(await SiloProcess.Fails(["--data", folder.Path, .. arguments]), exitCode, named);
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
        Assert.Equal(HttpStatusCode.OK, (await first.Client.GetAsync("/v1/tasks", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second.Client.GetAsync("/v1/tasks", TestContext.Current.CancellationToken)).StatusCode);
    }
}
