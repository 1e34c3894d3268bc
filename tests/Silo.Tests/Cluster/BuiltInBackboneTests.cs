using System.Net;
using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Silo.Tests.Cluster;

/// <summary>Gateways and workers of a cluster ship the same backbones.</summary>
[Collection(SharedCluster.Name)]
public class BuiltInBackboneTests(SharedCluster shared)
{
    private const string Name = "cifar10-objects";

    [Fact]
    public async Task Named_ToSeveralSilosAtOnce_IsRegisteredOnce()
    {
        var client = (await shared.Whole()).Client;
        Assert.Null((await client.PutDataset("named-at-once", TinyWorld.Archive())).Error);

        // The gateway itself is asked for the backbone, and the workers for tasks of it.
        var gateway = Enumerable.Range(0, 4).Select(_ => client.Get<BackboneInfo>($"/v1/backbones/{Name}"));
        var workers = Enumerable
            .Range(0, 8)
            .Select(async i =>
                await (
                    await client.PostJson(
                        "/v1/tasks",
                        new TaskSpec
                        {
                            Name = $"named-at-once-{i}",
                            Backbone = Name,
                            Dataset = "named-at-once",
                        }
                    )
                ).ShouldBe<TaskInfo>(HttpStatusCode.Created)
            )
            .ToArray();
        var seen = await Task.WhenAll(gateway);
        await Task.WhenAll(workers);

        var uid = Assert.Single(seen.Select(b => b.Uid).Distinct());
        var listed = (await client.Get<Page<BackboneInfo>>("/v1/backbones")).Items.Where(b => b.Name == Name);
        Assert.Equal((uid, BackbonePhase.Ready), listed.Select(b => (b.Uid, b.Phase)).Single());
        var refusal = await (
            await client.DeleteAsync($"/v1/backbones/{Name}", TestContext.Current.CancellationToken)
        ).ShouldBeProblem(HttpStatusCode.Conflict, "in-use");
        Assert.Contains("named-at-once", refusal, StringComparison.Ordinal);
    }
}
