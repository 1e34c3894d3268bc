using ComodCluster.Engine.Backbones;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Backbones;

/// <summary>
/// torchvision's outputs on the same weights and images, stage by stage: see <c>Golden/make_golden.py</c>.
/// </summary>
public class BackboneGoldenTests
{
    private const int Rows = 2,
        Size = 64,
        Sample = 512;
    private const double Tolerance = 1e-4; // max |difference| / max |reference|

    private static readonly string[] Classes = [.. Enumerable.Range(0, 10).Select(c => $"class{c}")];

    public BackboneGoldenTests() => set_num_threads(1);

    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet34")]
    [InlineData("resnet50")]
    public void Prefix_EveryStage_AgreesWithTorchvision(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Golden(name);
        using var backbone = Backbone.Load(FormulaWeights.File(Spec(name)), CPU);
        var images = tensor(FormulaWeights.Images(Rows, Size), [Rows, 3, Size, Size]);

        foreach (var stage in (string[])["stem", "layer1", "layer2", "layer3", "layer4", "pool", "logits"])
        {
            var output = backbone.Prefix(images, stage == "logits" ? Cut.Pool : Cut.Parse(stage));
            if (stage == "logits")
                output = output.matmul(backbone.HeadWeight.t()) + backbone.HeadBias;
            var values = output.contiguous().data<float>().ToArray();
            var max = golden.Tensors[$"{stage}.max"].ToFloats()[0];
            var expected = golden.Tensors[$"{stage}.sample"].ToFloats();
            Assert.Equal(Math.Min(Sample, values.Length), expected.Length);

            var difference = expected
                .Select((e, i) => Math.Abs(e - values[(long)i * (values.Length / Sample | 1) % values.Length]))
                .Max();
            Assert.True(difference <= Tolerance * max, $"{stage}: {difference / max:G3}");
            Assert.Equal(max, values.Max(Math.Abs), Tolerance * max);
            Assert.Equal(
                golden.Tensors[$"{stage}.sum"].ToFloats()[0],
                values.Sum(v => (double)v),
                Tolerance * values.Sum(v => Math.Abs((double)v))
            );
        }
    }

    [Fact]
    public void Formula_Values_AreThoseOfTheGenerator()
    {
        var golden = Golden("resnet18");

        Assert.Equal(golden.Tensors["formula.images"].ToFloats(), FormulaWeights.Images(Rows, Size)[..64]);
        Assert.Equal(
            golden.Tensors["formula.weight"].ToFloats(),
            FormulaWeights.Values("layer2.0.conv1.weight", [64, 64, 3, 3])[..64]
        );
        Assert.Equal(
            golden.Tensors["formula.variance"].ToFloats(),
            FormulaWeights.Values("layer1.0.bn1.running_var", [64])
        );
    }

    private static SafeTensors Golden(string name) =>
        SafeTensors.Read(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Backbones", "Golden", $"{name}.safetensors"))
        );

    private static BackboneSpec Spec(string name) =>
        name switch
        {
            "resnet18" => BackboneSpec.ResNet18(Classes),
            "resnet34" => BackboneSpec.ResNet34(Classes),
            _ => BackboneSpec.ResNet50(Classes),
        };
}
