using System.Net;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Engine.Backbones;

namespace ComodCluster.Silo.Tests.Api.Backbones;

/// <summary>Two requests are one where they ask for the same; a deleted object's name and ids are free.</summary>
public class SameWeightsTests(RunningSilo silo)
{
    private readonly HttpClient _client = silo.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_SameWeightsOfOtherClasses_EachHasItsOwn()
    {
        var weights = TinyWorld.WeightsOf(BackboneSpec.ResNet18("1", "2", "3"), []);
        string[] english = ["apple", "pear", "plum"];
        string[] german = ["Apfel", "Birne", "Pflaume"];
        Assert.Equal(english, (await Put("same-first", weights, "resnet18", english)).Classes);
        Assert.Equal(german, (await Put("same-other", weights, "resnet18", german)).Classes);
        Assert.Equal(german, (await _client.Get<BackboneInfo>("/v1/backbones/same-other")).Classes);
        Assert.Equal(english, (await Put("same-first", weights, "resnet18", english)).Classes);

        var refusal = await (await Ask("same-first", weights, "resnet18", german)).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "name-taken"
        );
        Assert.Contains("the classes apple, pear, plum, not Apfel, Birne, Pflaume", refusal, StringComparison.Ordinal);
        await (await Ask("same-wrong", weights, "resnet34", german)).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity,
            "backbone-architecture"
        );
        await (await Ask("same-count", weights, "resnet18", ["a", "b"])).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity,
            "backbone-architecture"
        );
        Assert.Equal(["output-0", "output-1", "output-2"], (await Put("same-none", weights, null, [])).Classes);

        // The first one's names do not outlive it.
        foreach (var name in new[] { "same-first", "same-other", "same-none" })
            await _client.DeleteAsync($"/v1/backbones/{name}", Cancellation);
        Assert.Equal(german, (await Put("same-first", weights, "resnet18", german)).Classes);
    }

    [Fact]
    public async Task Put_ClaimThatTheFileDenies_422()
    {
        await (await Ask("claim-architecture", TinyWorld.Weights, "resnet18", TinyWorld.Classes)).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity,
            "backbone-architecture"
        );
        await (await Ask("claim-classes", TinyWorld.Weights, null, ["a", "b", "c"])).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity,
            "backbone-architecture"
        );
        Assert.Equal(
            TinyWorld.Classes,
            (await Put("claim-true", TinyWorld.Weights, TinyWorld.Spec.Architecture, TinyWorld.Classes)).Classes
        );
    }

    [Fact]
    public async Task Jobs_OfWhatWasDeleted_LeaveTheirIdsFree()
    {
        for (var round = 0; round < 2; round++)
        {
            await _client.PutTinyBackbone("freed");
            var import = await _client.Ended(
                await _client.PutAsync(
                    "/v1/datasets/freed?job=freed-import",
                    SiloCalls.Bytes(TinyWorld.Archive(), "application/zip"),
                    Cancellation
                )
            );
            Assert.Equal((JobPhase.Succeeded, "freed-import"), (import.Phase, import.Id));
            await (
                await _client.PostJson(
                    "/v1/tasks",
                    new TaskSpec
                    {
                        Name = "freed",
                        Backbone = "freed",
                        Dataset = "freed",
                    }
                )
            ).ShouldBe<TaskInfo>(HttpStatusCode.Created);
            var adapt = new AdaptRequest
            {
                Id = "freed-adapt",
                Methods = [Method.Readout],
                Options = new MethodOptions { Steps = 2, Gate = GatePolicy.Off },
            };
            var adapted = await _client.Adapted("freed", adapt);
            Assert.Equal((JobPhase.Succeeded, (double?)1), (adapted.Phase, adapted.Progress));
            // What still is there keeps the id.
            await _client.PutTinyTask($"freed-other-{round}");
            await (await _client.PostJson($"/v1/tasks/freed-other-{round}/adapt", adapt)).ShouldBeProblem(
                HttpStatusCode.Conflict,
                "job-conflict"
            );
            foreach (var path in new[] { "tasks", "datasets", "backbones" })
                Assert.Equal(
                    HttpStatusCode.NoContent,
                    (await _client.DeleteAsync($"/v1/{path}/freed", Cancellation)).StatusCode
                );
        }
    }

    private Task<HttpResponseMessage> Ask(string name, byte[] weights, string? architecture, string[] classes) =>
        _client.PutAsync(
            $"/v1/backbones/{name}?"
                + (architecture is null ? "" : $"architecture={architecture}&")
                + (classes.Length == 0 ? "" : $"classes={string.Join(',', classes)}"),
            SiloCalls.Bytes(weights),
            Cancellation
        );

    private async Task<BackboneInfo> Put(string name, byte[] weights, string? architecture, string[] classes) =>
        await (await Ask(name, weights, architecture, classes)).ShouldBe<BackboneInfo>(HttpStatusCode.Created);
}
