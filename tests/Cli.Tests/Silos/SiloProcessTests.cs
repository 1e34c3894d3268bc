using System.Diagnostics;
using ComodCluster.Cli.Silos;

namespace ComodCluster.Cli.Tests.Silos;

public class SiloProcessTests
{
    [Fact]
    public void Invocation_TheProgram_IsThatOfThisRuntime()
    {
        var start = SiloProcess.Invocation(new() { DataDirectory = "data" });
        Assert.True(File.Exists(start.FileName), $"'{start.FileName}' is not there");
        Assert.EndsWith("comod-silo.dll", start.ArgumentList[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AProgramThatIsNotThere_IsSaidInOneSentence()
    {
        var e = await Assert.ThrowsAsync<SiloException>(() =>
            SiloProcess.Start(new ProcessStartInfo("no-such-dotnet"), "data", TestContext.Current.CancellationToken)
        );
        Assert.Equal("silo-failed", e.Code);
        Assert.StartsWith("The silo cannot be started with no-such-dotnet: ", e.Message, StringComparison.Ordinal);
    }
}
