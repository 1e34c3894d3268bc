using System.Text.Json;
using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Tests.Backbones;

public class BackboneSpecTests
{
    public static TheoryData<string> Architectures => ["resnet18", "resnet34", "resnet50", "cifar"];

    [Theory, MemberData(nameof(Architectures))]
    public void Json_RoundTrip_IsEqual(string name)
    {
        var spec = Named(name) with { Notes = new BackboneNotes("cifar10", Seed: 3, Epochs: 8, Accuracy: 0.76) };

        Assert.Equal(spec, BackboneSpec.FromJson(spec.ToJson()));
        Assert.NotEqual(spec, spec with { Classes = ["a", "c"] });
    }

    [Fact]
    public void Format_WithoutAHead_IsOneThatOlderBuildsRefuse()
    {
        var spec = BackboneSpec.ResNet18("a", "b");

        Assert.Equal((1, 2), (spec.Format, (spec with { Classes = [] }).Format));
        Assert.Equal(spec with { Classes = [] }, BackboneSpec.FromJson((spec with { Classes = [] }).ToJson()));
    }

    [Fact]
    public void Cuts_SmallNetwork_AreStemBlocksStagesPool()
    {
        var cuts = BackboneSpec.Cifar(16, [1, 2, 2], ["a", "b"]).Cuts;

        Assert.Equal("stem layer1 layer2.0 layer2 layer3.0 layer3 pool", string.Join(' ', cuts));
        Assert.Equal(cuts, cuts.Select(c => Cut.Parse(c.ToString())));
        Assert.Equal(cuts, JsonSerializer.Deserialize<Cut[]>(JsonSerializer.Serialize(cuts)));
    }

    [Fact]
    public void Resolve_LastBlock_IsItsStage() =>
        Assert.Equal(Cut.AfterStage(2), BackboneSpec.ResNet18("a", "b").Resolve(Cut.Parse("layer2.1")));

    [Theory]
    [InlineData("layer5")]
    [InlineData("layer1.2")]
    public void Resolve_NoSuchPlace_ListsThePlaces(string cut)
    {
        var e = Assert.Throws<InputException>(() => BackboneSpec.ResNet18("a", "b").Resolve(Cut.Parse(cut)));

        Assert.Equal("backbone-cut", e.Code);
        Assert.Contains(
            "stem, layer1.0, layer1, layer2.0, layer2, layer3.0, layer3, layer4.0, layer4, pool",
            e.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("Stem")]
    [InlineData("layer")]
    [InlineData("layer0")]
    [InlineData("layer1.")]
    [InlineData("layer1.0.0")]
    [InlineData("layer-1")]
    [InlineData("layer99999999999")]
    public void Parse_NotACut_SaysWhatIs(string text) =>
        Assert.Contains(
            "layer2.0",
            Assert.Throws<InputException>(() => Cut.Parse(text)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""null""")]
    [InlineData("""nonsense""")]
    [InlineData(
        """{"architecture":"resnet18","blocks":null,"width":64,"block":"basic","stem":"image-net","classes":["a"],"inputSize":224,"resizeShortSide":256,"mean":[0,0,0],"std":[1,1,1]}"""
    )]
    [InlineData(
        """{"architecture":"resnet18","blocks":[2,2,2,2],"width":64,"block":"round","stem":"image-net","classes":["a"],"inputSize":224,"resizeShortSide":256,"mean":[0,0,0],"std":[1,1,1]}"""
    )]
    public void FromJson_NotASpec_IsRefused(string json) =>
        Assert.Equal("backbone-spec", Assert.Throws<InputException>(() => BackboneSpec.FromJson(json)).Code);

    [Fact]
    public void Validate_ValueOutOfRange_IsRefused()
    {
        var good = BackboneSpec.ResNet18("a", "b");
        BackboneSpec[] bad =
        [
            good with
            {
                Blocks = [],
            },
            good with
            {
                Blocks = [1, 2, 3, 4, 5],
            },
            good with
            {
                Blocks = [1_000_000_000],
            },
            good with
            {
                Width = 0,
            },
            good with
            {
                Classes = ["a", "a"],
            },
            good with
            {
                Classes = ["a", " "],
            },
            good with
            {
                InputSize = 4,
            },
            good with
            {
                ResizeShortSide = 100,
            },
            good with
            {
                Std = [1, 0, 1],
            },
            good with
            {
                Mean = [1, float.NaN, 1],
            },
            good with
            {
                Channels = 4,
            },
            good with
            {
                Format = 3,
            },
        ];

        good.Validate();
        Assert.All(bad, spec => Assert.Equal("backbone-spec", Assert.Throws<InputException>(spec.Validate).Code));
    }

    internal static BackboneSpec Named(string name) =>
        name switch
        {
            "resnet18" => BackboneSpec.ResNet18("a", "b"),
            "resnet34" => BackboneSpec.ResNet34("a", "b"),
            "resnet50" => BackboneSpec.ResNet50("a", "b"),
            _ => BackboneSpec.Cifar(8, [2, 1, 2], ["a", "b"], inputSize: 24),
        };
}
