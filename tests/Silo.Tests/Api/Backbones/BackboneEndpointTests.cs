using System.Net;
using System.Security.Cryptography;
using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Silo.Tests.Api.Backbones;

public class BackboneEndpointTests(RunningSilo silo)
{
    private readonly HttpClient _client = silo.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData(TinyWorld.Weights));

    [Fact]
    public async Task Put_Weights_RegisteredAndListed()
    {
        var response = await _client.PutAsync(
            $"/v1/backbones/bb-put?digest={Digest}",
            SiloCalls.Bytes(TinyWorld.Weights),
            Cancellation
        );
        var backbone = await response.ShouldBe<BackboneInfo>(HttpStatusCode.Created);
        Assert.Equal("/v1/backbones/bb-put", response.Headers.Location?.OriginalString);
        Assert.Equal(
            (BackbonePhase.Ready, Digest, TinyWorld.Side, 32),
            (backbone.Phase, backbone.Digest, backbone.InputSize, backbone.FeatureWidth)
        );
        Assert.Equal(TinyWorld.Classes, backbone.Classes);
        Assert.Contains("layer2", backbone.Cuts);
        Assert.Equal(Digest, (await _client.Get<BackboneInfo>("/v1/backbones/bb-put")).Digest);
        Assert.Contains(
            (await _client.Get<Page<BackboneInfo>>("/v1/backbones?phase=ready&limit=1000")).Items,
            b => b.Name == "bb-put"
        );
    }

    [Fact]
    public async Task Weights_OfARegisteredBackbone_AreItsBytes()
    {
        await _client.PutTinyBackbone("bb-weights");
        Assert.Equal(
            TinyWorld.Weights,
            await _client.GetByteArrayAsync("/v1/backbones/bb-weights/weights", Cancellation)
        );
        await (await _client.GetAsync("/v1/backbones/bb-none/weights", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
    }

    [Fact]
    public async Task Put_DigestThatDoesNotMatch_400AndNothingRegistered()
    {
        var other = Convert.ToHexStringLower(SHA256.HashData([1]));
        await (
            await _client.PutAsync(
                $"/v1/backbones/bb-digest?digest={other}",
                SiloCalls.Bytes(TinyWorld.Weights),
                Cancellation
            )
        ).ShouldBeProblem(HttpStatusCode.BadRequest, "digest-mismatch");
        await IsNotThere("bb-digest");
    }

    [Fact]
    public async Task Put_TruncatedWeights_422AndNothingRegistered()
    {
        await Refused("bb-short", TinyWorld.Weights[..^100]);
        await Refused("bb-empty", []);
        await Refused("bb-noise", [.. Enumerable.Repeat((byte)7, 5000)]);
    }

    [Fact]
    public async Task Put_WeightsOfAnotherArchitecture_422AndNothingRegistered() =>
        await Refused("bb-other?architecture=resnet18&classes=a,b", TinyWorld.WeightsOf(TinyWorld.Spec, []));

    [Fact]
    public async Task Put_NameOfOtherWeights_409()
    {
        await _client.PutTinyBackbone("bb-taken");
        var spec = Engine.Backbones.BackboneSpec.Cifar(4, [1, 1, 1], TinyWorld.Classes, TinyWorld.Side);
        var weights = TinyWorld.WeightsOf(spec, new() { [Engine.Backbones.BackboneSpec.MetadataKey] = spec.ToJson() });
        await (
            await _client.PutAsync("/v1/backbones/bb-taken", SiloCalls.Bytes(weights), Cancellation)
        ).ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");
        Assert.Equal(Digest, (await _client.Get<BackboneInfo>("/v1/backbones/bb-taken")).Digest);
    }

    [Fact]
    public async Task Put_OtherContentType_415() =>
        await (
            await _client.PutAsync("/v1/backbones/bb-type", new StringContent("weights"), Cancellation)
        ).ShouldBeProblem(HttpStatusCode.UnsupportedMediaType, "media-type-unsupported");

    [Fact]
    public async Task Delete_Unused_204ThenGone()
    {
        await _client.PutTinyBackbone("bb-gone");
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await _client.DeleteAsync("/v1/backbones/bb-gone", Cancellation)).StatusCode
        );
        await IsNotThere("bb-gone");
        await (await _client.DeleteAsync("/v1/backbones/bb-gone", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
    }

    [Fact]
    public async Task Delete_UsedByATask_409()
    {
        var task = await _client.PutTinyTask("bb-used");
        Assert.Equal(TaskPhase.Registered, task.Phase);
        await (await _client.DeleteAsync("/v1/backbones/bb-used", Cancellation)).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "in-use"
        );
    }

    [Fact]
    public async Task Train_NameOfTheBodyDiffers_400() =>
        await (
            await _client.PostJson(
                "/v1/backbones/bb-one/train",
                new TrainBackboneRequest { Name = "bb-two", Dataset = "scenes" }
            )
        ).ShouldBeProblem(HttpStatusCode.BadRequest, "request-invalid");

    [Fact]
    public async Task Train_MoreThanTheMemoryHolds_422WithBothFigures()
    {
        Assert.SkipWhen(
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 40L << 30,
            "the largest training that a request can ask for fits into this machine"
        );
        var response = await _client.PostJson(
            "/v1/backbones/bb-huge/train",
            new TrainBackboneRequest
            {
                Name = "bb-huge",
                Dataset = "scenes",
                Width = 128,
                Batch = 4096,
            }
        );

        Assert.Matches(
            @"needs at least 42\.\d GB of memory .* and the worker has \d+\.\d GB",
            await response.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "training-too-large")
        );
        await IsNotThere("bb-huge");
    }

    private async Task Refused(string address, byte[] weights)
    {
        var response = await _client.PutAsync($"/v1/backbones/{address}", SiloCalls.Bytes(weights), Cancellation);
        Assert.True(
            response.StatusCode == HttpStatusCode.UnprocessableEntity,
            await response.Content.ReadAsStringAsync(Cancellation)
        );
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        await IsNotThere(address.Split('?')[0]);
    }

    private async Task IsNotThere(string name) =>
        await (await _client.GetAsync($"/v1/backbones/{name}", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
}
