using System.Net;
using System.Security.Cryptography;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Tasks;
using ComodCluster.Engine.Backbones;

namespace ComodCluster.Silo.Tests.Api.Backbones;

/// <summary>What is refused is not kept, not even until the next sweep.</summary>
public class RefusedUploadTests(RunningSilo silo)
{
    private readonly HttpClient _client = silo.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Tensor to change, its first element or its type, the query and the code.</summary>
    public static TheoryData<string, string, string, string> Weights { get; } =
        new()
        {
            { "nan-head", "fc.bias", "NaN", "weights-value" },
            { "infinite-head", "fc.weight", "Infinity", "weights-value" },
            { "infinite-kernel", "conv1.weight", "-Infinity", "weights-value" },
            { "nan-mean", "bn1.running_mean", "NaN", "weights-value" },
            { "negative-variance", "bn1.running_var", "-1", "weights-value" },
            { "integers", "fc.bias", "integers", "weights-type" },
            { "other-shape", "fc.bias", "shape", "backbone-architecture" },
            { "missing", "bn1.bias", "missing", "backbone-architecture" },
        };

    [Theory, MemberData(nameof(Weights))]
    public async Task Put_WeightsThatNoNetworkHas_422NamesTheTensorAndNothingIsKept(
        string name,
        string tensor,
        string change,
        string code
    )
    {
        var file = Changed(tensor, change);
        var refusal = await Refused($"/v1/backbones/refused-{name}", file, HttpStatusCode.UnprocessableEntity, code);
        Assert.Contains($"'{tensor}'", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_WeightsOfWhichNoneIsInfinite_AndTheAnswerIs_422()
    {
        await (
            await _client.PutAsync(
                "/v1/backbones/refused-large",
                SiloCalls.Bytes(Changed("fc.weight", "large")),
                Cancellation
            )
        ).ShouldBe<BackboneInfo>(HttpStatusCode.Created);
        await _client.PutDataset("refused-large", TinyWorld.Archive());
        await (
            await _client.PostJson(
                "/v1/tasks",
                new TaskSpec
                {
                    Name = "refused-large",
                    Backbone = "refused-large",
                    Dataset = "refused-large",
                }
            )
        ).ShouldBe<TaskInfo>(HttpStatusCode.Created);
        await (await _client.Predict("refused-large", TinyWorld.Png(0, 0))).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity,
            "prediction-not-finite"
        );
    }

    [Fact]
    public async Task Put_Refused_NothingIsKept()
    {
        await _client.PutTinyTask("refused");
        var other = Convert.ToHexStringLower(SHA256.HashData([1]));
        byte[] archive = [.. TinyWorld.Archive(), 0];
        await Refused(
            "/v1/backbones/refused-short",
            TinyWorld.Weights[..^100],
            HttpStatusCode.UnprocessableEntity,
            "weights-file"
        );
        await Refused("/v1/backbones/refused-empty", [], HttpStatusCode.UnprocessableEntity, "weights-file");
        await Refused("/v1/backbones/refused", Changed("fc.bias", "0.5"), HttpStatusCode.Conflict, "name-taken");
        await Refused(
            $"/v1/backbones/refused-digest?digest={other}",
            Changed("fc.bias", "0.25"),
            HttpStatusCode.BadRequest,
            "digest-mismatch"
        );
        await Refused(
            $"/v1/datasets/refused-digest?digest={other}",
            archive,
            HttpStatusCode.BadRequest,
            "digest-mismatch"
        );
        await Refused("/v1/datasets/refused", archive, HttpStatusCode.Conflict, "name-taken");
        await Refused("/v1/datasets/refused?job=refused-job", archive, HttpStatusCode.Conflict, "name-taken");
    }

    private async Task<string> Refused(string address, byte[] body, HttpStatusCode status, string code)
    {
        var type = address.Contains("datasets", StringComparison.Ordinal)
            ? "application/zip"
            : "application/octet-stream";
        var refusal = await (
            await _client.PutAsync(address, SiloCalls.Bytes(body, type), Cancellation)
        ).ShouldBeProblem(status, code);
        var digest = Convert.ToHexStringLower(SHA256.HashData(body));
        Assert.False(File.Exists(Path.Combine(silo.Data, "blobs", "default", digest[..2], digest)), address);
        return refusal;
    }

    private static byte[] Changed(string tensor, string change) =>
        SafeTensors.Write(
            [
                .. SafeTensors
                    .Read(TinyWorld.Weights)
                    .Tensors.Values.Where(t => t.Name != tensor || change != "missing")
                    .Select(t => t.Name == tensor ? Changed(t, change) : t),
            ],
            new Dictionary<string, string> { [BackboneSpec.MetadataKey] = TinyWorld.Spec.ToJson() }
        );

    private static SafeTensor Changed(SafeTensor tensor, string change)
    {
        if (change == "integers")
            return new(tensor.Name, ElementType.Int32, tensor.Shape, tensor.Bytes);
        if (change == "shape")
            return new(tensor.Name, tensor.Type, [1, .. tensor.Shape], tensor.Bytes);
        var values = tensor.ToFloats();
        if (change == "large")
            Array.Fill(values, float.MaxValue);
        else
            values[0] = float.Parse(change, System.Globalization.CultureInfo.InvariantCulture);
        return SafeTensor.Of(tensor.Name, tensor.Shape, values);
    }
}
