using System.Runtime.InteropServices;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Backbones.Onnx;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Backbones.Onnx;

public class OnnxResNetTests
{
    private static readonly BackboneSpec Basic = BackboneSpec.ResNet(
        StemKind.ImageNet,
        BlockKind.Basic,
        [1, 2, 1],
        4,
        inputSize: 32
    ) with
    {
        Classes = ["a", "b", "c"],
    };

    private static readonly BackboneSpec Bottleneck = BackboneSpec.ResNet(
        StemKind.Cifar,
        BlockKind.Bottleneck,
        [2, 1],
        4,
        inputSize: 16
    ) with
    {
        Classes = ["a", "b"],
    };

    public static TheoryData<string> Forms { get; } =
    ["as it is", "folded", "other epsilon", "product", "headless", "bottleneck", "halves", "even pads"];

    public OnnxResNetTests() => set_num_threads(1);

    [Theory, MemberData(nameof(Forms))]
    public void Read_ResNetHoweverExported_HasTheSameNetwork(string form)
    {
        var spec =
            form == "bottleneck" ? Bottleneck
            : form == "headless" ? Basic with { Classes = [] }
            : Basic;
        var file = new OnnxFile(spec)
        {
            Folded = form == "folded",
            Epsilon = form == "other epsilon" ? 1e-3f : 1e-5f,
            HeadAsProduct = form == "product",
            Tensor = form == "halves" ? Halves : OnnxFile.Stored,
            ConvOptions = (_, options) =>
                form == "even pads" && options[1].Item2[0] == 2
                    ? [options[0], options[1], ("pads", EvenPads(options[2].Item2))]
                    : options,
        };

        var read = OnnxResNet.Read(file.ToArray());

        Assert.Equal(spec.Classes.Count, read.HeadRows);
        Assert.Equal(spec with { Classes = [] }, read.Spec);
        using var scope = NewDisposeScope();
        using var backbone = Backbone.Load(SafeTensors.Write(read.Tensors), CPU, specIfNoMetadata: spec);
        using var original = Backbone.Load(FormulaWeights.File(spec), CPU);
        var x = tensor(FormulaWeights.Images(2, spec.InputSize), [2, 3, spec.InputSize, spec.InputSize]);
        var (features, expected) = (backbone.Prefix(x, Cut.Pool), original.Prefix(x, Cut.Pool));
        var difference = ((features - expected).abs().max() / expected.abs().max()).item<float>();
        Assert.InRange(
            difference,
            form == "other epsilon" ? 1e-5f : 0,
            form is "halves" or "other epsilon" ? 1e-2f : 1e-5f
        );
        Assert.True(backbone.HeadWeight.allclose(original.HeadWeight, atol: form == "halves" ? 1e-3 : 0));

        static long[] EvenPads(long[] half) => [half[0], half[1], half[2] - 1, half[3] - 1];
        static ProtoWriter Halves(string name, long[] shape, float[] values) =>
            OnnxFile
                .Header(name, shape, 10)
                .Bytes(9, MemoryMarshal.AsBytes(values.Select(v => (Half)v).ToArray().AsSpan()));
    }

    [Fact]
    public void Read_WholeFloats_CopiesNothing()
    {
        var file = new OnnxFile(Basic).ToArray();

        var kernel = OnnxResNet.Read(file).Tensors[0];

        Assert.True(MemoryMarshal.TryGetArray(kernel.Bytes, out var segment));
        Assert.Same(file, segment.Array);
    }

    public static TheoryData<string, string, string> Spoilt { get; } =
        new()
        {
            { "foreign operator", "backbone-architecture", "'Gelu' (value2) stands where a ReLU belongs" },
            { "foreign domain", "backbone-architecture", "'Conv' is not ONNX's own but of 'com.microsoft'" },
            { "no convolution first", "backbone-architecture", "begins with the operator 'MatMul' (value0)" },
            { "groups", "backbone-architecture", "has 4 groups" },
            { "dilated", "backbone-architecture", "is dilated" },
            {
                "stride in the 1x1",
                "backbone-architecture",
                "'layer2.0' has the convolutions 1 x 1 with stride 2, 3 x 3"
            },
            { "no padding", "backbone-architecture", "pads otherwise than by half of its kernel" },
            {
                "wider kernel",
                "backbone-architecture",
                "has a kernel of the shape [4, 5, 3, 3] where 'layer1.0.conv1'"
            },
            { "other head", "backbone-architecture", "its head reads 15 of 16 features" },
            { "external data", "weights-file", "'conv1.weight' of the ONNX model lies in a file beside it" },
            { "quantized", "weights-type", "holds Int8 values: export the model in float32" },
            { "too few bytes", "weights-file", "'conv1.weight' has 4 bytes, which is not what its shape needs" },
            { "impossible shape", "weights-file", "'conv1.weight' has an impossible shape" },
            { "no graph", "weights-file", "it has no graph" },
            { "empty graph", "backbone-architecture", "it has 0 inputs and 0 outputs" },
            { "circle", "weights-file", "the value 'a' is made twice, or read before it is made" },
            { "unknown wire", "weights-file", "an unknown wire type" },
            { "hostile length", "weights-file", "needs 9223372036854775807 bytes and 0 are there" },
            { "endless number", "weights-file", "a number has more than 64 bits" },
        };

    [Theory, MemberData(nameof(Spoilt))]
    public void Read_WhatIsNoResNet_SaysWhichOperatorOrShape(string what, string code, string sentence)
    {
        var e = Assert.Throws<InputException>(() => OnnxResNet.Read(SpoiltFile(what)));

        Assert.Equal(code, e.Code);
        Assert.Contains(sentence, e.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TruncatedAnywhere_IsOneSentence()
    {
        var file = new OnnxFile(Bottleneck).ToArray();

        for (var length = 0; length < file.Length; length += 1 + length / 50)
        {
            var e = Assert.Throws<InputException>(() => OnnxResNet.Read(file.AsMemory(0, length)));
            Assert.Equal("weights-file", e.Code);
        }
    }

    [Fact]
    public void Read_BytesChangedAnywhere_NeverThrowsAnythingElse()
    {
        var random = new Random(1);
        var file = new OnnxFile(Bottleneck).ToArray();

        for (var round = 0; round < 2000; round++)
        {
            var changed = file.ToArray();
            for (var i = 0; i < 3; i++)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            Assert.True(Record.Exception(() => OnnxResNet.Read(changed)) is null or InputException);
        }
    }

    private static byte[] SpoiltFile(string what) =>
        what switch
        {
            "foreign operator" => new OnnxFile(Basic) { Operator = o => o == "Relu" ? "Gelu" : o }.ToArray(),
            "foreign domain" => new OnnxFile(Basic) { Domain = "com.microsoft" }.ToArray(),
            "no convolution first" => new OnnxFile(Basic) { Operator = o => o == "Conv" ? "MatMul" : o }.ToArray(),
            "groups" => Options("layer2.0.conv1", "group", 4),
            "dilated" => Options("layer2.0.conv1", "dilations", 2, 2),
            "stride in the 1x1" => new OnnxFile(Bottleneck)
            {
                ConvOptions = (name, options) =>
                    name switch
                    {
                        "layer2.0.conv1" => [options[0], ("strides", [2, 2]), options[2]],
                        "layer2.0.conv2" => [options[0], ("strides", [1, 1]), options[2]],
                        _ => options,
                    },
            }.ToArray(),
            "no padding" => Options("layer1.0.conv1", "pads", 0, 0, 0, 0),
            "wider kernel" => Array("layer1.0.conv1.weight", (name, _, _) => Zeros(name, 4, 5, 3, 3)),
            "other head" => Array("fc.weight", (name, _, _) => Zeros(name, 3, 15)),
            "external data" => Array("conv1.weight", (name, shape, _) => OnnxFile.Header(name, shape, 1).Number(14, 1)),
            "quantized" => Array(
                "conv1.weight",
                (name, shape, values) => OnnxFile.Header(name, shape, 3).Bytes(9, new byte[values.Length])
            ),
            "too few bytes" => Array("conv1.weight", (name, shape, _) => OnnxFile.Stored(name, shape, [1])),
            "impossible shape" => Array("conv1.weight", (name, _, _) => OnnxFile.Stored(name, [-1, 3, 7, 7], [1])),
            "no graph" => new ProtoWriter().Number(1, 8).ToArray(),
            "empty graph" => new ProtoWriter().Bytes(7, []).ToArray(),
            "circle" => new ProtoWriter()
                .Message(
                    7,
                    new ProtoWriter()
                        .Message(1, Flatten("images", "a"))
                        .Message(1, Flatten("a", "b"))
                        .Message(1, Flatten("b", "a"))
                )
                .ToArray(),
            "unknown wire" => [0x0B],
            "hostile length" => [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
            _ => [0x08, .. Enumerable.Repeat((byte)0xFF, 11)],
        };

    private static byte[] Options(string conv, string option, params long[] values) =>
        new OnnxFile(Basic)
        {
            ConvOptions = (name, options) =>
                name == conv ? [.. options.Where(o => o.Item1 != option), (option, values)] : options,
        }.ToArray();

    private static byte[] Array(string name, Func<string, long[], float[], ProtoWriter> other) =>
        new OnnxFile(Basic)
        {
            Tensor = (array, shape, values) => (array == name ? other : OnnxFile.Stored)(array, shape, values),
        }.ToArray();

    private static ProtoWriter Flatten(string from, string to) =>
        new ProtoWriter().Text(1, from).Text(2, to).Text(4, "Flatten");

    private static ProtoWriter Zeros(string name, params long[] shape) =>
        OnnxFile.Stored(name, shape, new float[shape.Aggregate(1L, (n, d) => n * d)]);
}
