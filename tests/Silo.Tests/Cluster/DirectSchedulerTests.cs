using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Samples;

namespace ComodCluster.Silo.Tests.Cluster;

/// <summary>The sample of an Orleans client, against a real cluster.</summary>
[Collection(SharedCluster.Name)]
public class DirectSchedulerTests(SharedCluster shared)
{
    [Fact]
    public async Task Adapt_WithoutHttp_DoesWhatTheApiDoes()
    {
        var cluster = await shared.Whole();
        await cluster.Client.PutTinyTask("http");
        await using var scheduler = await DirectScheduler.Connect(
            cluster.Database,
            cancellation: TestContext.Current.CancellationToken
        );
        var spec = new TaskSpec
        {
            Name = "direct",
            Backbone = "http",
            Dataset = "http",
            Options = new MethodOptions
            {
                Cut = "layer1",
                Grid = 4,
                Steps = 20,
                Batch = 8,
            },
        };

        var (task, job) = await scheduler.Adapt(spec, new AdaptRequest(), TestContext.Current.CancellationToken);

        Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));
        var direct = await task.Predict([TinyWorld.Png(0, 90)], TestContext.Current.CancellationToken);
        var http = await cluster.Client.Predicted("direct", TinyWorld.Png(0, 90));
        Assert.Equal((1, 1), (direct.Version, http.Version));
        Assert.Equal(http.Predictions[0].Probabilities, direct.Predictions[0].Probabilities);
        var taken = await Assert.ThrowsAsync<ComodException>(() =>
            scheduler.Adapt(spec, new AdaptRequest(), TestContext.Current.CancellationToken)
        );
        Assert.Equal(ErrorCodes.NameTaken, taken.Code);
    }
}
