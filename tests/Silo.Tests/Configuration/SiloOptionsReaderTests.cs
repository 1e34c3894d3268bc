using ComodCluster.Engine;
using ComodCluster.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace ComodCluster.Silo.Tests.Hosting;

public class SiloOptionsReaderTests
{
    [Fact]
    public void Read_Nothing_GivesDefaults()
    {
        var options = Read([]);
        Assert.Equal("http://127.0.0.1:5080", options.Url);
        Assert.True(Path.IsPathRooted(options.Storage));
        Assert.Equal(new ListenAddress(System.Net.IPAddress.Loopback, 5080), ListenAddress.Of(options));
        Assert.Equal(new Engine.Execution.EngineOptions { ActivationFolder = Path.Combine(options.Storage, "prefixes") }, options.ToEngine());
    }

    [Fact]
    public void Read_Values_Binds()
    {
        var options = Read(new() { ["Comod:Port"] = "0", ["Comod:Storage"] = "/tmp/a", ["Comod:Device"] = "cuda:1", ["Comod:Threads"] = "2", ["Comod:Engine:ActivationCacheBytes"] = "1000", ["Comod:Engine:PredictWindowMilliseconds"] = "0.5", ["Comod:Engine:TableBytes"] = "2000000" });
        Assert.Equal((0, "/tmp/a", "cuda:1", 2), (ListenAddress.Of(options).Port, options.Storage, options.ToEngine().Device, options.ToEngine().Threads));
        Assert.Equal((1000, 0.5, 2_000_000), (options.ToEngine().ActivationCacheBytes, options.ToEngine().PredictWindow.TotalMilliseconds, options.ToEngine().TableBytes));
    }

    [Theory]
    [InlineData("Comod:Prot", "1", "'Comod:Prot' is no setting")]
    [InlineData("Comod:Engine:Batches", "1", "'Comod:Engine:Batches' is no setting")]
    [InlineData("Comod:Port", "abc", "Comod:Port")]
    [InlineData("Comod:Port", "65536", "65536 is no port")]
    [InlineData("Comod:Url", "127.0.0.1:80", "is no address")]
    [InlineData("Comod:Url", "https://127.0.0.1:80", "is no address")]
    [InlineData("Comod:Url", "http://0.0.0.0:80", "can be reached from other machines")]
    [InlineData("Comod:Url", "http://example.org:80", "can be reached from other machines")]
    [InlineData("Comod:Device", "tpu", "Comod:Device")]
    [InlineData("Comod:Device", "cuda:x", "Comod:Device")]
    [InlineData("Comod:Threads", "-1", "Comod:Threads")]
    [InlineData("Comod:SiloPort", "70000", "Comod:SiloPort")]
    [InlineData("Comod:ParentProcess", "0", "Comod:ParentProcess")]
    [InlineData("Comod:Storage", " ", "Comod:Storage")]
    [InlineData("Comod:Engine:CheckpointSeconds", "0", "Comod:Engine:CheckpointSeconds")]
    [InlineData("Comod:Uploads:ArchiveBytes", "0", "Comod:Uploads:ArchiveBytes")]
    [InlineData("Comod:Blobs", "s3://Bucket", "Comod:Blobs")]
    [InlineData("Comod:S3:Endpoint", "http://127.0.0.1:9000", "Comod:S3 cannot be used")]
    [InlineData("Comod:S3:Password", "x", "'Comod:S3:Password' is no setting")]
    public void Read_BadValue_RefusedByName(string key, string value, string named)
    {
        var refusal = Assert.Throws<StartupException>(() => Read(new() { [key] = value }));
        Assert.Equal(1, refusal.ExitCode);
        Assert.Contains(named, refusal.Message);
        Assert.EndsWith(".", refusal.Message);
    }

    [Fact]
    public void Read_EngineRefuses_PassesItsReason() =>
        Assert.Contains("BatchRows", Assert.Throws<InputException>(() => Read(new() { ["Comod:Engine:BatchRows"] = "3" })).Message);

    [Theory]
    [InlineData("http://localhost:81", "127.0.0.1")]
    [InlineData("http://127.0.0.5:81", "127.0.0.5")]
    [InlineData("http://[::1]:81", "::1")]
    public void ListenAddress_Loopback_Taken(string url, string address) =>
        Assert.Equal(new ListenAddress(System.Net.IPAddress.Parse(address), 81), ListenAddress.Of(Read(new() { ["Comod:Url"] = url })));

    private static SiloOptions Read(Dictionary<string, string?> values) =>
        SiloOptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
}
