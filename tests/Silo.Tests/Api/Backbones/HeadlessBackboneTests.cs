using System.Net;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Planning;
using ComodCluster.Api.Tasks;
using ComodCluster.Engine.Backbones;

namespace ComodCluster.Silo.Tests.Api.Backbones;

/// <summary>A backbone that ends with its features: each of its tasks has a readout of its own.</summary>
public class HeadlessBackboneTests(RunningSilo silo)
{
    private readonly HttpClient _client = silo.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Task_OnABackboneWithoutAHead_GetsAReadoutOfItsOwn()
    {
        var spec = TinyWorld.Spec with { Classes = [] };
        var weights = TinyWorld.WeightsOf(spec, new() { [BackboneSpec.MetadataKey] = spec.ToJson() });
        var backbone = await (
            await _client.PutAsync("/v1/backbones/headless", SiloCalls.Bytes(weights), Cancellation)
        ).ShouldBe<BackboneInfo>(HttpStatusCode.Created);
        Assert.Empty(backbone.Classes);
        Assert.Null((await _client.PutDataset("headless", TinyWorld.Archive())).Error);
        var task = new TaskSpec
        {
            Name = "headless",
            Backbone = "headless",
            Dataset = "headless",
            Options = new MethodOptions
            {
                Grid = 4,
                Steps = 4,
                Batch = 8,
                Gate = GatePolicy.Off,
            },
        };

        var refusal = await (
            await _client.PostJson("/v1/tasks", task with { Readout = ReadoutMode.Head })
        ).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "class-unknown-to-backbone");
        Assert.Contains("The backbone has no head; choose readout 'own'.", refusal, StringComparison.Ordinal);

        var created = await (await _client.PostJson("/v1/tasks", task)).ShouldBe<TaskInfo>(HttpStatusCode.Created);
        Assert.Equal(ReadoutMode.Own, created.Readout);
        await (await _client.Predict("headless", TinyWorld.Png(0, 900))).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "no-version"
        );
        var plan = await (
            await _client.PostJson(
                "/v1/plan",
                new PlanRequest
                {
                    Backbone = "headless",
                    Dataset = "headless",
                    Options = task.Options,
                }
            )
        ).ShouldBe<PlanReport>(HttpStatusCode.OK);
        Assert.Contains(plan.Warnings, w => w.StartsWith("The backbone has no head:", StringComparison.Ordinal));
        Assert.Null(
            (
                await _client.Adapted(
                    "headless",
                    new AdaptRequest { Methods = [Method.Readout, Method.Comodulation], Seeds = [1] }
                )
            ).Error
        );
        Assert.Equal(
            3,
            (await _client.Predicted("headless", TinyWorld.Png(0, 900))).Predictions.Single().Probabilities.Count
        );
    }
}
