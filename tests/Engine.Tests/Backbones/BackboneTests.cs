using ComodCluster.Engine.Backbones;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Backbones;

public class BackboneTests
{
    private static readonly BackboneSpec Small = BackboneSpec.Cifar(8, [2, 1, 2], ["a", "b", "c"], inputSize: 24);

    public BackboneTests() => set_num_threads(1);

    public static TheoryData<string> Architectures => BackboneSpecTests.Architectures;

    [Theory, MemberData(nameof(Architectures))]
    public void PrefixThenSuffix_EveryCut_GivesTheSameFeatures(string name)
    {
        using var scope = NewDisposeScope();
        var spec = BackboneSpecTests.Named(name);
        using var backbone = Backbone.Load(FormulaWeights.File(spec), CPU);
        var x = tensor(FormulaWeights.Images(2, 40), [2, 3, 40, 40]);
        var features = backbone.Prefix(x, Cut.Pool);

        foreach (var cut in backbone.Cuts)
        {
            var h = backbone.Prefix(x, cut);
            var (c, height, width) = backbone.ShapeAt(cut, 40);
            Assert.Equal(cut == Cut.Pool ? [2, c] : [2, c, height, width], h.shape);
            Assert.True(backbone.Suffix(h, cut).equal(features).all().item<bool>(), cut.ToString());
        }
        Assert.Equal([2, backbone.FeatureWidth], features.shape);
        Assert.Equal([spec.Classes.Count, backbone.FeatureWidth], backbone.HeadWeight.shape);
    }

    [Fact]
    public void Prefix_Output_IsChannelsLastWithoutGradient()
    {
        using var scope = NewDisposeScope();
        using var backbone = Backbone.Load(FormulaWeights.File(Small), CPU);
        var x = tensor(FormulaWeights.Images(2, 24), [2, 3, 24, 24]).requires_grad_(true);

        var h = backbone.Prefix(x, Cut.Parse("layer2"));

        Assert.Equal(1, h.stride(1));
        Assert.False(h.requires_grad);
    }

    [Fact]
    public void Suffix_Gradient_AgreesWithFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        using var backbone = Backbone.Load(FormulaWeights.File(Small), CPU);
        var cut = Cut.Parse("layer1");
        var h = backbone.Prefix(tensor(FormulaWeights.Images(4, 24), [4, 3, 24, 24]), cut);
        var direction = tensor(FormulaWeights.Values("layer9.0.conv1.weight", h.shape), h.shape);
        var leaf = h.clone().requires_grad_(true);

        backbone.Suffix(leaf, cut).square().sum().backward();
        var slope = (leaf.grad! * direction).sum().item<float>();
        var step = 0.02f;
        var (above, below) = (
            backbone.Suffix(h + step * direction, cut).square().sum(),
            backbone.Suffix(h - step * direction, cut).square().sum()
        );

        Assert.Equal((above - below).item<float>() / (2 * step), slope, Math.Abs(slope) * 0.01f);
    }

    [Fact]
    public void Backward_ManySteps_ChangesNoByteOfTheBackbone()
    {
        using var backbone = Backbone.Load(FormulaWeights.File(Small), CPU);
        var before = backbone.ParameterBytesDigest();
        using var scope = NewDisposeScope();
        var h = backbone.Prefix(tensor(FormulaWeights.Images(4, 24), [4, 3, 24, 24]), Cut.Stem);
        var copy = h.clone();

        for (var step = 0; step < 3; step++)
            (
                matmul(backbone.Suffix(h.detach().requires_grad_(true), Cut.Stem), backbone.HeadWeight.t())
                + backbone.HeadBias
            )
                .sum()
                .backward();

        Assert.Equal(before, backbone.ParameterBytesDigest());
        Assert.True(h.equal(copy).all().item<bool>());
        Assert.Null(backbone.HeadWeight.grad);
    }

    [Fact]
    public void ParameterBytesDigest_OneParameterWritten_Changes()
    {
        using var backbone = Backbone.Load(FormulaWeights.File(Small), CPU);
        var before = backbone.ParameterBytesDigest();

        backbone.HeadBias.add_(1e-6);

        Assert.NotEqual(before, backbone.ParameterBytesDigest());
    }

    [Theory]
    [InlineData(ElementType.Float16, 2e-2)]
    [InlineData(ElementType.BFloat16, 1e-1)]
    public void Load_HalfPrecisionFile_GivesNearlyTheSameFeatures(ElementType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var exact = Backbone.Load(FormulaWeights.File(Small), CPU);
        using var rounded = Backbone.Load(FormulaWeights.File(Small, type), CPU);
        var x = tensor(FormulaWeights.Images(2, 24), [2, 3, 24, 24]);

        var (a, b) = (exact.Prefix(x, Cut.Pool), rounded.Prefix(x, Cut.Pool));

        Assert.InRange(((a - b).abs().max() / a.abs().max()).item<float>(), 1e-7, tolerance);
    }

    [Fact]
    public void Load_Digest_IsCheckedAndKept()
    {
        var file = FormulaWeights.File(Small);
        var digest = SafeTensors.DigestOf(file);
        using (var backbone = Backbone.Load(file, CPU, digest))
            Assert.Equal(digest, backbone.Digest);
        file[^1] ^= 1;

        var e = Assert.Throws<InputException>(() => Backbone.Load(file, CPU, digest));

        Assert.Equal("backbone-digest", e.Code);
        Assert.Contains(digest, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithoutMetadata_NeedsTheSpec()
    {
        var file = SafeTensors.Write([.. FormulaWeights.Tensors(Small)]);

        Assert.Equal("backbone-spec", Assert.Throws<InputException>(() => Backbone.Load(file, CPU)).Code);
        using var backbone = Backbone.Load(file, CPU, specIfNoMetadata: Small);
        Assert.Equal(Small, backbone.Spec);
    }

    [Fact]
    public void Load_OtherArchitecture_NamesTheFirstTensorThatDoesNotFit()
    {
        var file = SafeTensors.Write([.. FormulaWeights.Tensors(Small)]);
        string Refused(BackboneSpec spec)
        {
            var e = Assert.Throws<InputException>(() => Backbone.Load(file, CPU, specIfNoMetadata: spec));
            Assert.Equal("backbone-architecture", e.Code);
            return e.Message;
        }

        Assert.Contains(
            "'conv1.weight' has the shape [8, 3, 3, 3] instead of [64, 3, 7, 7]",
            Refused(BackboneSpec.ResNet18("a", "b", "c")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "'layer2.1.conv1.weight' is missing",
            Refused(Small with { Blocks = [2, 2, 2] }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "'layer3.1.conv1.weight' has no place",
            Refused(Small with { Blocks = [2, 1, 1] }),
            StringComparison.Ordinal
        );
        Assert.Contains("'fc.weight'", Refused(Small with { Classes = ["a"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithoutAHead_GivesTheSameFeatures()
    {
        using var scope = NewDisposeScope();
        var headless = Small with { Classes = [] };
        using var whole = Backbone.Load(FormulaWeights.File(Small), CPU);
        using var backbone = Backbone.Load(FormulaWeights.File(headless), CPU);
        var x = tensor(FormulaWeights.Images(2, 24), [2, 3, 24, 24]);

        Assert.True(backbone.Prefix(x, Cut.Pool).equal(whole.Prefix(x, Cut.Pool)).all().item<bool>());
        Assert.Equal([0, backbone.FeatureWidth], backbone.HeadWeight.shape);
        Assert.Equal(whole.ParameterCount - 3 * (backbone.FeatureWidth + 1), backbone.ParameterCount);
        Assert.NotEqual(whole.ParameterBytesDigest(), backbone.ParameterBytesDigest());
    }

    [Fact]
    public void Load_HeadAndClassesOfWhichOneIsMissing_SaysWhich()
    {
        var headless = Small with { Classes = [] };

        var named = Assert.Throws<InputException>(() => Load(headless, Small));
        var unnamed = Assert.Throws<InputException>(() => Load(Small, headless));

        Assert.Equal("backbone-architecture", named.Code);
        Assert.Contains("have no head ('fc.weight' is missing), and 3 classes are named", named.Message);
        Assert.Equal("backbone-spec", unnamed.Code);
        Assert.Contains("have a head ('fc.weight') and no classes are named", unnamed.Message);

        static Backbone Load(BackboneSpec stored, BackboneSpec claimed) =>
            Backbone.Load(SafeTensors.Write([.. FormulaWeights.Tensors(stored)]), CPU, specIfNoMetadata: claimed);
    }

    [Fact]
    public void Load_HalfKernelsAndWholeNorms_AreReadEachByItsOwnType()
    {
        using var scope = NewDisposeScope();
        var tensors = FormulaWeights.Tensors(Small).ToArray();
        SafeTensor Stored(SafeTensor t) =>
            t.Shape.Count == 4 ? SafeTensor.Of(t.Name, t.Shape, t.ToFloats(), ElementType.Float16)
            : t.Name != "bn1.running_var" ? t
            : SafeTensor.Of(t.Name, t.Shape, [.. t.ToFloats().Select(v => v * 1e5f)]); // infinite in half precision
        using var exact = Backbone.Load(SafeTensors.Write(tensors), CPU, specIfNoMetadata: Small);
        using var mixed = Backbone.Load(SafeTensors.Write([.. tensors.Select(Stored)]), CPU, specIfNoMetadata: Small);
        var x = tensor(FormulaWeights.Images(2, 24), [2, 3, 24, 24]);

        Assert.False(mixed.Prefix(x, Cut.Pool).equal(exact.Prefix(x, Cut.Pool)).all().item<bool>());
        Assert.True(mixed.Prefix(x, Cut.Pool).isfinite().all().item<bool>());
    }

    [Fact]
    public void Load_CountersOfTrackedBatches_AreIgnored()
    {
        var counter = new SafeTensor("bn1.num_batches_tracked", ElementType.Int64, [], new byte[8]);

        using var backbone = Backbone.Load(
            SafeTensors.Write([.. FormulaWeights.Tensors(Small), counter]),
            CPU,
            specIfNoMetadata: Small
        );

        Assert.Equal(Small.FeatureWidth, backbone.FeatureWidth);
    }

    [Fact]
    public void Prefix_OtherNumberOfChannels_IsRefused()
    {
        using var backbone = Backbone.Load(FormulaWeights.File(Small), CPU);
        using var grey = zeros(2, 1, 24, 24);

        Assert.Equal("image-channels", Assert.Throws<InputException>(() => backbone.Prefix(grey, Cut.Stem)).Code);
    }

    [Fact]
    public void Everything_Disposed_LeavesNoLiveTensor()
    {
        var tensors = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var backbone = Backbone.Load(FormulaWeights.File(Small), CPU))
        {
            using var x = tensor(FormulaWeights.Images(2, 24), [2, 3, 24, 24]);
            foreach (var cut in backbone.Cuts)
            {
                using var h = backbone.Prefix(x, cut);
                using var leaf = h.detach().requires_grad_(true);
                using var features = backbone.Suffix(leaf, cut);
                using var loss = features.sum();
                loss.backward();
                using var gradient = leaf.grad;
                Assert.NotNull(gradient);
            }
        }
        Assert.Equal(tensors, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Load_BFloat16_AgreesWithFloat32ToItsRoundingWhateverTheCutAndGivesFloat32Features()
    {
        using var scope = NewDisposeScope();
        using var exact = Backbone.Load(FormulaWeights.File(Small), CPU);
        using var fast = Backbone.Load(FormulaWeights.File(Small), CPU, precision: Precision.BFloat16);
        var x = tensor(FormulaWeights.Images(8, 24), [8, 3, 24, 24]);
        var reference = exact.Prefix(x, Cut.Pool);

        foreach (var cut in fast.Cuts.Where(c => c != Cut.Pool))
        {
            var h = fast.Prefix(x, cut);
            var features = fast.Suffix(h, cut);
            Assert.Equal((ScalarType.BFloat16, ScalarType.Float32), (h.dtype, features.dtype));
            Assert.True(features.equal(fast.Prefix(x, Cut.Pool)).all().item<bool>(), cut.ToString());
            Assert.InRange(((features - reference).abs().max() / reference.abs().max()).item<float>(), 1e-6f, 0.03f);
        }
        Assert.Equal(exact.ParameterCount, fast.ParameterCount);
        Assert.True(fast.ResidentBytes < exact.ResidentBytes);
    }

    [Theory]
    [InlineData("float32", Precision.Float32)]
    [InlineData("bfloat16", Precision.BFloat16)]
    public void Choose_Name_IsThatPrecision(string name, Precision precision) =>
        Assert.Equal(precision, Precisions.Choose(name, CPU));

    [Fact]
    public void Choose_OtherName_NamesTheChoices() =>
        Assert.Contains(
            "auto, float32 or bfloat16",
            Assert.Throws<InputException>(() => Precisions.Choose("half", CPU)).Message
        );
}
