using System.Net;
using System.Text.Json;
using ComodCluster.Silo.Api;
using ComodCluster.Silo.Api.Probes;

namespace ComodCluster.Silo.Tests.Api.Probes;

public class HealthTests(RunningSilo silo)
{
    [Theory]
    [InlineData("live")]
    [InlineData("ready")]
    public async Task Health_RunningSilo_Ok(string probe) =>
        Assert.Equal(
            new Health(probe),
            await (
                await silo.Client.GetAsync($"/health/{probe}", TestContext.Current.CancellationToken)
            ).ShouldBe<Health>(HttpStatusCode.OK)
        );

    [Fact]
    public async Task Index_Links_AllAnswer()
    {
        var index = await (await silo.Client.GetAsync("/", TestContext.Current.CancellationToken)).ShouldBe<ApiIndex>(
            HttpStatusCode.OK
        );
        Assert.Equal("comodcluster", index.Name);
        foreach (var path in index.Links.Values)
            Assert.Equal(
                HttpStatusCode.OK,
                (await silo.Client.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode
            );
    }

    [Fact]
    public async Task SiloFile_RunningSilo_NamesItsAddress()
    {
        var file = JsonDocument
            .Parse(
                await File.ReadAllTextAsync(Path.Combine(silo.Data, "silo.json"), TestContext.Current.CancellationToken)
            )
            .RootElement;
        Assert.Equal(silo.Client.BaseAddress, new Uri(file.GetProperty("url").GetString()!));
        Assert.Equal(Environment.ProcessId, file.GetProperty("pid").GetInt32());
    }
}
