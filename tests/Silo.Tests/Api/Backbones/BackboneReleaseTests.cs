using ComodCluster.Engine;
using ComodCluster.Engine.Backbones;
using ComodCluster.Grains.Backbones;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ComodCluster.Silo.Tests.Api.Backbones;

public class BackboneReleaseTests(RunningSilo silo)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A deletion that did not reach the worker, and a backbone that is there.</summary>
    [Fact]
    public async Task Sweep_ResidentWeightsOfNoBackbone_LeaveTheMemoryTheSecondTime()
    {
        var engine = silo.Services.GetRequiredService<TaskEngine>();
        var kept = (await silo.Client.PutTinyBackbone("release-kept")).Digest!;
        var deleted = await engine.LoadBackbone(
            TinyWorld.WeightsOf(
                TinyWorld.Spec,
                new() { [BackboneSpec.MetadataKey] = TinyWorld.Spec.ToJson(), ["note"] = "no row names it" }
            ),
            null,
            null,
            Cancellation
        );
        var release = silo.Services.GetServices<IHostedService>().OfType<BackboneRelease>().Single();
        await release.Sweep(Cancellation);
        await release.Sweep(Cancellation);
        Assert.DoesNotContain(deleted.Digest, engine.Backbones.Keys);
        Assert.Contains(kept, engine.Backbones.Keys);
    }
}
