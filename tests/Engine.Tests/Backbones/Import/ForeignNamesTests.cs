using System.Text.RegularExpressions;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tests.Backbones.Onnx;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Engine.Tests.Backbones.Import;

/// <summary>Names of torchvision, timm and Transformers, with and without what wrappers put before them.</summary>
public partial class ForeignNamesTests
{
    private static readonly BackboneSpec Small = BackboneSpec.ResNet18("a", "b", "c") with
    {
        Architecture = "resnet-2-1",
        Blocks = [2, 1],
        Width = 2,
    };

    private static readonly BackboneSpec Deep = Small with { Block = BlockKind.Bottleneck };
    private static readonly BackboneClaim Classes = new(null, Small.Classes);

    public static TheoryData<string> Prefixes =>
        ["", "module.", "model.", "backbone.", "encoder.", "net.", "module.model.", "some.other.", "layer1.0."];

    [Theory, MemberData(nameof(Prefixes))]
    public void Open_Prefix_IsLeftOut(string prefix)
    {
        foreach (var spec in new[] { Small, Deep })
        foreach (var file in Both([.. Named(spec, name => prefix + name)]))
            AssertIs(spec, ImportedFile.Of(file, Classes));
    }

    [Fact]
    public void Open_NamesOfTransformers_AreTorchvisions()
    {
        foreach (var spec in new[] { Small, Deep })
        foreach (var prefix in new[] { "resnet.", "" })
        foreach (var file in Both([.. Named(spec, name => Transformers(name, prefix))]))
            AssertIs(spec, ImportedFile.Of(file, Classes));
    }

    [Fact]
    public void Open_OnnxModel_IsTheSameNetwork()
    {
        foreach (var spec in new[] { Small, Deep })
        {
            var file = ImportedFile.Of(new OnnxFile(spec).ToArray(), Classes);
            Assert.Equal(spec, file.Spec);
            Assert.Equal(
                FormulaWeights.Values("layer1.0.conv1.weight", [2, 2, spec == Small ? 3 : 1, spec == Small ? 3 : 1]),
                file.Tensors.Tensors["layer1.0.conv1.weight"].ToFloats()
            );
        }
    }

    [Theory]
    [InlineData("classifier")]
    [InlineData("classifier.1")]
    [InlineData("head")]
    [InlineData("head.fc")]
    [InlineData("fc.1")]
    [InlineData("linear")]
    public void Open_HeadOfAnotherName_IsTheHead(string head)
    {
        var tensors = Named(Small, name => name.Replace("fc.", $"{head}.", StringComparison.Ordinal));
        AssertIs(Small, ImportedFile.Of(SafeTensors.Write([.. tensors]), Classes));
    }

    /// <summary>Lengths of a header whose bytes are those of a pickle and of an ONNX model.</summary>
    [Theory]
    [InlineData(0x010280)]
    [InlineData(0x120C08)]
    public void Open_SafetensorsThatBeginLikeAnotherFile_AreRead(long length)
    {
        var file = SafeTensors.Write(Named(Small, name => name));
        var data = 8 + (int)BitConverter.ToInt64(file);
        byte[] padded =
        [
            .. BitConverter.GetBytes(length),
            .. file[8..data],
            .. Enumerable.Repeat((byte)' ', (int)length - data + 8),
            .. file[data..],
        ];
        AssertIs(Small, ImportedFile.Of(padded, Classes));
    }

    [Fact]
    public void Open_HeadWithoutOffsets_HasZeros()
    {
        var file = ImportedFile.Of(SafeTensors.Write([.. Named(Small, name => name).SkipLast(1)]), Classes);
        Assert.Equal(new float[3], file.Tensors.Tensors["fc.bias"].ToFloats());
    }

    [Fact]
    public void Open_ClassesThatNobodyNames_AreNumbered() =>
        Assert.Equal(["output-0", "output-1", "output-2"], Import(Small).Spec.Classes);

    [Fact]
    public void Open_OtherNumberOfClasses_IsRefusedWithBoth() =>
        Assert.Contains("has 3 rows and 2 classes are named", Refused(Named(Small, n => n), new(null, ["a", "b"])));

    [Fact]
    public void Open_NoHead_IsABackboneWithoutClassesAndTakesNone()
    {
        var headless = Small with { Classes = [] };
        Assert.Equal(headless, Import(headless).Spec);
        Assert.Contains("have no head and 3 classes are named", Refused(Named(headless, n => n), Classes));
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet34")]
    [InlineData("resnet50")]
    public void Open_TorchvisionsOwn_IsRecognisedAndKeptAsItIs(string name)
    {
        var spec = name switch
        {
            "resnet18" => BackboneSpec.ResNet18("a", "b"),
            "resnet34" => BackboneSpec.ResNet34("a", "b"),
            _ => BackboneSpec.ResNet50("a", "b"),
        };
        var bytes = SafeTensors.Write([.. Zeros(spec)]);
        var file = ImportedFile.Of(bytes, new(null, ["a", "b"]));
        Assert.Equal((spec, SafeTensors.DigestOf(bytes)), (file.Spec, file.Tensors.Digest));
    }

    [Fact]
    public void Open_OtherArchitecture_IsRefusedWithBoth() =>
        Assert.Contains(
            "are those of resnet-2-1 and not of resnet34",
            Refused(Named(Small, n => n), new("resnet34", Small.Classes))
        );

    [Theory]
    [InlineData(96, 110)]
    [InlineData(224, 256)]
    [InlineData(384, 439)]
    public void Open_InputSize_IsThatOfTheDescription(int size, int resize)
    {
        var spec = Import(Small, new(null, null, size)).Spec;
        Assert.Equal((size, resize), (spec.InputSize, spec.ResizeShortSide));
        // That of a file which describes itself is changed likewise.
        spec = ImportedFile.Of(FormulaWeights.File(Small), new(null, null, size)).Spec;
        Assert.Equal((size, resize), (spec.InputSize, spec.ResizeShortSide));
    }

    [Theory]
    [InlineData(95)]
    [InlineData(385)]
    [InlineData(-1)]
    public void Open_InputSizeOutOfRange_IsRefused(int size) =>
        Assert.Contains("is not in 96 to 384", Refused(Named(Small, n => n), new(null, null, size), "backbone-spec"));

    [Fact]
    public void Open_StemOfSmallImages_IsRecognised()
    {
        var spec = BackboneSpec.Cifar(4, [1, 1], ["a", "b", "c"]);
        var file = Import(spec).Spec;
        Assert.Equal(("cifar-resnet", StemKind.Cifar, 32), (file.Architecture, file.Stem, file.InputSize));
    }

    /// <summary>A change of the names, and what the sentence says.</summary>
    public static TheoryData<string, string, string> Foreign =>
        new()
        {
            { "conv1.weight", "conv1.0.weight", "its stem has several convolutions ('conv1.0.weight')" },
            { "conv1.weight", "stem.conv.weight", "'stem.conv.weight' is no name in one" },
            { "layer1.0.conv1.weight", "layer1.0.conv9.weight", "is no name in one" },
            { "layer1.1.bn2.bias", "layer1.1.se.fc1.bias", "'layer1.1.se.fc1.bias' has no place in one" },
            { "layer2.0.downsample.0.weight", "layer2.0.downsample.2.weight", "'layer2.0.downsample.2.weight' has no" },
            { "layer2.0.bn1.weight", "layer5.0.bn1.weight", "'layer5.0.bn1.weight' has no place in one" },
            { "fc.bias", "head.weight", "'head.weight' is one of several heads" },
        };

    [Theory, MemberData(nameof(Foreign))]
    public void Open_NoResNet_NamesTheFirstThatDoesNotFit(string name, string other, string says)
    {
        foreach (var prefix in new[] { "", "module." })
            Assert.Contains(
                says.Replace("('", $"('", StringComparison.Ordinal),
                Refused(Named(Small, n => n == name ? other : n))
            );
    }

    [Fact]
    public void Open_WidthsOfNoResNet_NamesTheFirstThatDoesNotFit()
    {
        // Twice as wide inside (Wide ResNet), and in groups (ResNeXt).
        Assert.Contains(
            "'layer1.0.conv1.weight' has the shape [4, 2, 1, 1] instead of [2, 2, 1, 1]",
            Refused(Reshaped(Deep, "layer1.0.conv1.weight", 4, 2, 1, 1))
        );
        Assert.Contains(
            "'layer1.0.conv2.weight' has the shape [2, 1, 3, 3] instead of [2, 2, 3, 3]",
            Refused(Reshaped(Deep, "layer1.0.conv2.weight", 2, 1, 3, 3))
        );
        Assert.Contains("[2, 1, 7, 7] where it is", Refused(Reshaped(Small, "conv1.weight", 2, 1, 7, 7)));
        Assert.Contains("[2, 3, 5, 5] where it is", Refused(Reshaped(Small, "conv1.weight", 2, 3, 5, 5)));
        Assert.Contains(
            "'bn1.weight' is missing",
            Refused([.. Named(Small, n => n).Where(t => t.Name != "bn1.weight")])
        );
    }

    [Fact]
    public void Open_TwoNetworks_AreNamed() =>
        Assert.Contains(
            "there are 2 networks in it (encoder_q, encoder_k)",
            Refused([.. Named(Small, n => $"encoder_q.{n}"), .. Named(Small, n => $"encoder_k.{n}")])
        );

    [Fact]
    public void Open_IntegersAndWhatNoNetworkHas_AreRefused()
    {
        var integers = Named(Small, n => n)
            .Select(t => t with { Type = t.Name == "bn1.bias" ? ElementType.Int32 : t.Type });
        Assert.Contains("'bn1.bias' holds Int32", Refused([.. integers], code: "weights-type"));
        var infinite = Named(Small, n => $"module.{n}")
            .Select(t =>
                t.Name.EndsWith("fc.bias", StringComparison.Ordinal)
                    ? SafeTensor.Of(t.Name, t.Shape, [0, float.NaN, 0])
                    : t
            );
        Assert.Contains("'fc.bias' is not a number at element 1", Refused([.. infinite], code: "weights-value"));
    }

    [Fact]
    public void Open_NamesThatShareTheirNumbers_AreNotMultiplied()
    {
        // Kernels of 4096 x 4096 x 3 x 3 that are all one number: 600 MB each.
        var spec = BackboneSpec.ResNet18("a") with
        {
            Width = 512,
        };
        var pickle = PickleBytes.Of(p =>
        {
            p.Op('}', '(');
            foreach (var (name, shape) in spec.Arrays())
                p.Text(name).Tensor("0", shape, 1, strides: new long[shape.Length]);
            p.Op('u');
        });
        Assert.Contains("its arrays share numbers", ImportedFile.Refusal(TorchFiles.Zip(pickle, [new byte[4]])));
    }

    private static BackboneFile Import(BackboneSpec spec, BackboneClaim? claim = null) =>
        ImportedFile.Of(SafeTensors.Write([.. Named(spec, name => name)]), claim);

    private static string Refused(
        IReadOnlyCollection<SafeTensor> tensors,
        BackboneClaim? claim = null,
        string code = "backbone-architecture"
    ) => ImportedFile.Refusal(SafeTensors.Write(tensors), code, claim);

    private static SafeTensor[] Named(BackboneSpec spec, Func<string, string> name) =>
        [.. FormulaWeights.Tensors(spec).Select(t => t with { Name = name(t.Name) })];

    private static SafeTensor[] Reshaped(BackboneSpec spec, string name, params long[] shape) =>
        [
            .. Named(spec, n => n)
                .Select(t =>
                    t.Name == name ? SafeTensor.Of(name, shape, new float[shape.Aggregate(1L, (n, d) => n * d)]) : t
                ),
        ];

    private static IEnumerable<SafeTensor> Zeros(BackboneSpec spec) =>
        spec.Arrays()
            .Select(a =>
                SafeTensor.Of(a.Name, a.Shape, new float[a.Shape.Aggregate(1L, (n, d) => n * d)], ElementType.Float16)
            );

    /// <summary>As safetensors, and as both forms of PyTorch.</summary>
    private static byte[][] Both(SafeTensor[] tensors)
    {
        var pickle = PickleBytes.Of(p =>
            PickleBytes.StateDict(p, [.. tensors.Select(t => (t.Name, t.Shape.ToArray()))])
        );
        byte[][] storages = [.. tensors.Select(t => t.Bytes.ToArray())];
        // What PyTorch 2 writes beside.
        (string, byte[])[] later = [("net/.format_version", "1"u8.ToArray()), ("net/byteorder", "little"u8.ToArray())];
        return
        [
            SafeTensors.Write(tensors),
            TorchFiles.Zip(pickle, storages),
            TorchFiles.Zip(pickle, storages, later),
            TorchFiles.Stream(pickle, storages),
        ];
    }

    private static void AssertIs(BackboneSpec spec, BackboneFile file)
    {
        Assert.Equal(spec, file.Spec);
        Assert.Equal(SafeTensors.DigestOf(FormulaWeights.File(spec)), file.Tensors.Digest);
    }

    private static string Transformers(string name, string prefix) =>
        name.StartsWith("fc.", StringComparison.Ordinal)
            ? name.Replace("fc.", "classifier.1.", StringComparison.Ordinal)
            : prefix
                + Parts()
                    .Replace(
                        name,
                        match =>
                        {
                            var place = match.Groups["stage"].Success
                                ? $"encoder.stages.{int.Parse(match.Groups["stage"].Value) - 1}.layers.{match.Groups["block"]}."
                                    + (
                                        match.Groups["down"].Success
                                            ? "shortcut"
                                            : $"layer.{int.Parse(match.Groups["number"].Value) - 1}"
                                    )
                                : "embedder.embedder";
                            var isConvolution =
                                match.Groups["kind"].Value == "conv" || match.Groups["down"].Value == "0";
                            return $"{place}.{(isConvolution ? "convolution" : "normalization")}.";
                        }
                    );

    [GeneratedRegex(
        @"^(?:layer(?<stage>\d)\.(?<block>\d)\.)?(?:(?<kind>conv|bn)(?<number>\d)|downsample\.(?<down>\d))\."
    )]
    private static partial Regex Parts();
}
