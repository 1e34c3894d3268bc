using System.Net;
using System.Security.Cryptography;
using ComodCluster.Api.Backbones;
using ComodCluster.Engine.Backbones;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Api.Backbones;

/// <summary>Weights as other programs save them, converted before they are kept.</summary>
public class ForeignWeightsTests(RunningSilo silo)
{
    private static readonly BackboneSpec s_spec = BackboneSpec.ResNet(
        StemKind.ImageNet,
        BlockKind.Basic,
        [1, 1],
        4
    ) with
    {
        Classes = ["apple", "pear", "plum"],
    };

    private readonly HttpClient _client = silo.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_Checkpoint_IsKeptAsTheFileThatTheDigestNames()
    {
        var file = Checkpoint("module.");
        var backbone = await Put("foreign-put", file, "classes=apple,pear,plum");
        Assert.Equal(
            (BackbonePhase.Ready, "resnet-1-1", 224, 8),
            (backbone.Phase, backbone.Architecture, backbone.InputSize, backbone.FeatureWidth)
        );
        Assert.Equal(s_spec.Classes, backbone.Classes);
        var kept = await _client.GetByteArrayAsync("/v1/backbones/foreign-put/weights", Cancellation);
        Assert.Equal(backbone.Digest, Convert.ToHexStringLower(SHA256.HashData(kept)));
        Assert.Equal(s_spec, BackboneFile.Read(kept, own => own!).Spec);
        Assert.False(IsKept(file));

        // The same again, under another name of the arrays or of the backbone, and the file that was made of it.
        Assert.Equal(backbone.Uid, (await Put("foreign-put", Checkpoint("net."), "classes=apple,pear,plum")).Uid);
        Assert.Equal(backbone.Uid, (await Put("foreign-put", kept, "")).Uid);
        Assert.Equal(backbone.Digest, (await Put("foreign-again", file, "classes=apple,pear,plum")).Digest);
    }

    [Fact]
    public async Task Put_CheckpointUnderOtherClaims_IsAnotherBackbone()
    {
        var file = Checkpoint("");
        var numbered = await Put("foreign-numbered", file, "");
        Assert.Equal(["output-0", "output-1", "output-2"], numbered.Classes);
        await (await Ask("foreign-numbered", file, "classes=a,b,c")).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "name-taken"
        );
        await (await Ask("foreign-numbered", file, "inputSize=96")).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "name-taken"
        );
        Assert.Equal(96, (await Put("foreign-small", file, "inputSize=96")).InputSize);
        var kept = await _client.GetByteArrayAsync("/v1/backbones/foreign-numbered/weights", Cancellation);
        Assert.Equal(128, (await Put("foreign-resized", kept, "inputSize=128")).InputSize);
    }

    [Fact]
    public async Task Put_SameCheckpointWhoseBlobIsLost_IsKeptAgain()
    {
        var backbone = await Put("foreign-lost", Checkpoint("lost."), "classes=x,y,z");
        var blob = Blob(backbone.Digest!);
        File.Delete(blob);
        await Put("foreign-lost", Checkpoint("lost."), "classes=x,y,z");
        Assert.True(File.Exists(blob));
    }

    /// <summary>With all its synonyms, ImageNet's names have 31 characters on average.</summary>
    [Fact]
    public async Task Put_ThousandClasses_AreItsClasses()
    {
        string[] classes = [.. Enumerable.Range(0, 1000).Select(i => $"class {i:0000} with its synonyms and more")];
        var spec = s_spec with { Classes = classes };
        var backbone = await Put(
            "foreign-thousand",
            TinyWorld.WeightsOf(spec, []),
            $"classes={Uri.EscapeDataString(string.Join(',', classes))}"
        );
        Assert.Equal(classes, backbone.Classes);
    }

    public static TheoryData<string, string, string, string> Refused =>
        new()
        {
            { "names", "", "weights-file", "names 'posix.system'" },
            { "classes", "classes=a,b", "backbone-architecture", "has 3 rows and 2 classes are named" },
            {
                "architecture",
                "architecture=resnet18",
                "backbone-architecture",
                "those of resnet-1-1 and not of resnet18"
            },
            { "size", "inputSize=95", "backbone-spec", "is not in 96 to 384" },
            { "infinite", "", "weights-value", "'bn1.bias' is infinite at element 0" },
            { "foreign", "", "backbone-architecture", "'layer1.0.se.weight' has no place in one" },
        };

    [Theory, MemberData(nameof(Refused))]
    public async Task Put_Refused_NothingIsKept(string kind, string query, string code, string says)
    {
        var file = kind switch
        {
            "names" => TorchFiles.Zip(PickleBytes.Of(p => p.Global("posix", "system").Text("id").Op(0x85, 'R')), []),
            "infinite" => Checkpoint(
                "",
                (name, values) => name == "bn1.bias" ? [float.PositiveInfinity, .. values[1..]] : values
            ),
            "foreign" => Checkpoint("", extra: "layer1.0.se.weight"),
            _ => Checkpoint(""),
        };
        var refusal = await (await Ask($"foreign-{kind}", file, query)).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity,
            code
        );
        Assert.Contains(says, refusal, StringComparison.Ordinal);
        Assert.False(IsKept(file));
    }

    private static byte[] Checkpoint(string prefix, Func<string, float[], float[]>? change = null, string? extra = null)
    {
        var tensors = SafeTensors.Read(TinyWorld.WeightsOf(s_spec, [])).Tensors.Values.ToList();
        if (extra is not null)
            tensors.Add(SafeTensor.Of(extra, [1], [1]));
        var pickle = PickleBytes.Of(p =>
            PickleBytes.StateDict(p, [.. tensors.Select(t => (prefix + t.Name, t.Shape.ToArray()))])
        );
        return TorchFiles.Zip(
            pickle,
            [
                .. tensors.Select(t =>
                    change is null
                        ? t.Bytes.ToArray()
                        : SafeTensor.Of(t.Name, t.Shape, change(t.Name, t.ToFloats())).Bytes.ToArray()
                ),
            ]
        );
    }

    private bool IsKept(byte[] file) => File.Exists(Blob(Convert.ToHexStringLower(SHA256.HashData(file))));

    private string Blob(string digest) => Path.Combine(silo.Data, "blobs", "default", digest[..2], digest);

    private Task<HttpResponseMessage> Ask(string name, byte[] weights, string query) =>
        _client.PutAsync($"/v1/backbones/{name}?{query}", SiloCalls.Bytes(weights), Cancellation);

    private async Task<BackboneInfo> Put(string name, byte[] weights, string query) =>
        await (await Ask(name, weights, query)).ShouldBe<BackboneInfo>(HttpStatusCode.Created);
}
