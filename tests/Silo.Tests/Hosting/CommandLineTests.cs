using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Hosting;

namespace ComodCluster.Silo.Tests.Hosting;

public class CommandLineTests
{
    [Fact]
    public void Normalize_ShortNames_BecomeSettings() =>
        Assert.Equal(
            ["--Comod:Storage=/tmp/x", "--Comod:Port=0", "--Comod:ParentProcess=12", "--Comod:Engine:BatchRows=128"],
            CommandLine.Normalize([
                "--data-dir",
                "/tmp/x",
                "--port=0",
                "--parent-pid",
                "12",
                "--Comod:Engine:BatchRows",
                "128",
            ])
        );

    [Theory]
    [InlineData("--prot=1", "--prot=1")]
    [InlineData("data", "data")]
    [InlineData("--urls=http://0.0.0.0:1", "--urls")]
    [InlineData("--data=/tmp/x", "--data is --data-dir now: write --data-dir=VALUE.")]
    [InlineData("--url", "--url is --address now: write --address=VALUE.")]
    public void Normalize_UnknownArgument_IsUsageErrorThatNamesIt(string argument, string named)
    {
        var refusal = Assert.Throws<StartupException>(() => CommandLine.Normalize([argument]));
        Assert.Equal(2, refusal.ExitCode);
        Assert.Contains(named, refusal.Message);
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--port", "--data-dir", "x")]
    public void Normalize_ValueMissing_IsUsageError(params string[] arguments)
    {
        var refusal = Assert.Throws<StartupException>(() => CommandLine.Normalize(arguments));
        Assert.Equal(2, refusal.ExitCode);
        Assert.Contains("--port needs a value", refusal.Message);
    }
}
