using System.Text.Json;
using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Backbones;

/// <summary>
/// Everything about a residual network except its weights: shape, classes and how images are made ready for it.
/// </summary>
public sealed record BackboneSpec
{
    /// <summary>Key of this record's JSON in the metadata of a safetensors file.</summary>
    public const string MetadataKey = "comod.backbone";

    public const int CurrentFormat = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
    };

    private readonly int _format = 1;

    /// <summary>Version of this record's JSON: 1, or 2 of a network without a head, which builds that know 1 alone
    /// refuse.</summary>
    public int Format
    {
        get => Math.Max(_format, HasHead ? 1 : 2);
        init => _format = value;
    }

    /// <summary><c>resnet18</c>, <c>resnet34</c>, <c>resnet50</c>, <c>resnet101</c>, <c>resnet152</c>,
    /// <c>cifar-resnet</c>, or of other numbers of blocks <c>resnet-2-2-2-3</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Residual blocks of each stage: 1 to 4 stages of 1 to 64 blocks.</summary>
    public required IReadOnlyList<int> Blocks { get; init; }

    /// <summary>Channels after the stem, 1 to 512; stage k works at <c>Width * 2^(k-1)</c>.</summary>
    public required int Width { get; init; }

    public required BlockKind Block { get; init; }

    public required StemKind Stem { get; init; }

    /// <summary>Names of the head's rows, in order; none: the network ends with its features.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Side of the square input, pixels, 8 to 512.</summary>
    public required int InputSize { get; init; }

    /// <summary>
    /// The short side is resized to this, pixels, before the centre is cropped to <see cref="InputSize"/>
    /// (torchvision's rule).
    /// </summary>
    public required int ResizeShortSide { get; init; }

    public int Channels { get; init; } = 3;

    /// <summary>Per channel, of values in 0..1, subtracted first.</summary>
    public required IReadOnlyList<float> Mean { get; init; }

    /// <summary>Per channel, of values in 0..1, divided by after <see cref="Mean"/>.</summary>
    public required IReadOnlyList<float> Std { get; init; }

    public BackboneNotes? Notes { get; init; }

    public static BackboneSpec ResNet18(params IReadOnlyList<string> classes) =>
        ImageNet("resnet18", [2, 2, 2, 2], BlockKind.Basic, classes);

    public static BackboneSpec ResNet34(params IReadOnlyList<string> classes) =>
        ImageNet("resnet34", [3, 4, 6, 3], BlockKind.Basic, classes);

    public static BackboneSpec ResNet50(params IReadOnlyList<string> classes) =>
        ImageNet("resnet50", [3, 4, 6, 3], BlockKind.Bottleneck, classes);

    /// <summary>
    /// Network for small images: 3x3 stem and no max pooling, so that a 48 px input is 48, 24, 12 and 6 px after stages
    /// 1 to 4.
    /// </summary>
    /// <param name="width">Channels of the first stage.</param>
    /// <param name="blocks">Residual blocks of each stage.</param>
    /// <param name="inputSize">Side of the input, pixels.</param>
    public static BackboneSpec Cifar(
        int width,
        IReadOnlyList<int> blocks,
        IReadOnlyList<string> classes,
        int inputSize = 48
    ) =>
        new()
        {
            Architecture = "cifar-resnet",
            Blocks = blocks,
            Width = width,
            Block = BlockKind.Basic,
            Stem = StemKind.Cifar,
            Classes = classes,
            InputSize = inputSize,
            ResizeShortSide = inputSize,
            Mean = [120f / 255, 120f / 255, 120f / 255],
            Std = [64f / 255, 64f / 255, 64f / 255],
        };

    /// <summary>
    /// A network of torchvision's form by its numbers, under the name that the literature has for it, without a head.
    /// </summary>
    public static BackboneSpec ResNet(
        StemKind stem,
        BlockKind block,
        IReadOnlyList<int> blocks,
        int width,
        int channels = 3,
        int inputSize = 224
    )
    {
        var spec =
            stem == StemKind.Cifar
                ? Cifar(width, blocks, [], inputSize)
                : ImageNet(NameOf(block, blocks, width), blocks, block, []) with
                {
                    InputSize = inputSize,
                    ResizeShortSide = inputSize * 8 / 7,
                };
        return spec with
        {
            Block = block,
            Width = width,
            Channels = channels,
            Mean = [.. spec.Mean.Take(channels)],
            Std = [.. spec.Std.Take(channels)],
        };
    }

    private static string NameOf(BlockKind block, IReadOnlyList<int> blocks, int width) =>
        (block, string.Join('-', blocks), width) switch
        {
            (BlockKind.Basic, "2-2-2-2", 64) => "resnet18",
            (BlockKind.Basic, "3-4-6-3", 64) => "resnet34",
            (BlockKind.Bottleneck, "3-4-6-3", 64) => "resnet50",
            (BlockKind.Bottleneck, "3-4-23-3", 64) => "resnet101",
            (BlockKind.Bottleneck, "3-8-36-3", 64) => "resnet152",
            (_, var counts, _) => $"resnet-{counts}",
        };

    private static BackboneSpec ImageNet(
        string architecture,
        IReadOnlyList<int> blocks,
        BlockKind block,
        IReadOnlyList<string> classes
    ) =>
        new()
        {
            Architecture = architecture,
            Blocks = blocks,
            Width = 64,
            Block = block,
            Stem = StemKind.ImageNet,
            Classes = classes,
            InputSize = 224,
            ResizeShortSide = 256,
            Mean = [0.485f, 0.456f, 0.406f],
            Std = [0.229f, 0.224f, 0.225f],
        };

    /// <summary>Whether the network has a readout of its own.</summary>
    [JsonIgnore]
    public bool HasHead => Classes.Count > 0;

    /// <summary>D: width of the features after global pooling, and of the head.</summary>
    [JsonIgnore]
    public int FeatureWidth => (Width << (Blocks.Count - 1)) * (Block == BlockKind.Bottleneck ? 4 : 1);

    /// <summary>Numbers of a network whose normalisations are folded into its convolutions.</summary>
    [JsonIgnore]
    public long Parameters =>
        new ResidualNetwork(this).Convs.Sum(c => c.Shape.Aggregate(1L, (n, d) => n * d) + c.Out)
        + Classes.Count * (FeatureWidth + 1L);

    /// <summary>Every valid cut, from the input on: the stem, each block, each stage, the pooling.</summary>
    [JsonIgnore]
    public IReadOnlyList<Cut> Cuts =>
        [
            Cut.Stem,
            .. Enumerable
                .Range(1, Blocks.Count)
                .SelectMany(stage =>
                    Enumerable
                        .Range(0, Blocks[stage - 1])
                        .Select(block =>
                            block == Blocks[stage - 1] - 1 ? Cut.AfterStage(stage) : Cut.AfterBlock(stage, block)
                        )
                ),
            Cut.Pool,
        ];

    /// <summary>
    /// Shape of one image's activations at <paramref name="cut"/>; (D, 1, 1) at <see cref="Cut.Pool"/>.
    /// </summary>
    /// <exception cref="InputException"><c>backbone-cut</c>, as <see cref="Resolve"/>.</exception>
    public (int C, int H, int W) ShapeAt(Cut cut) => new ResidualNetwork(this).ShapeAt(Resolve(cut), InputSize);

    /// <summary>The same place under its one name: the last block's cut becomes its stage's.</summary>
    /// <exception cref="InputException"><c>backbone-cut</c>: this network has no such place.</exception>
    public Cut Resolve(Cut cut)
    {
        if (cut.Stage is { } stage && cut.Block is { } block && stage <= Blocks.Count && block == Blocks[stage - 1] - 1)
            cut = Cut.AfterStage(stage);
        if (cut == Cut.Input || Cuts.Contains(cut))
            return cut;
        throw new InputException(
            "backbone-cut",
            $"The backbone {Architecture} has no cut '{cut}': choose one of {string.Join(", ", Cuts)}."
        );
    }

    /// <summary>
    /// Names and shapes of every array that a weights file of this network holds, from the input on, under
    /// torchvision's names.
    /// </summary>
    public IEnumerable<(string Name, long[] Shape)> Arrays() => new ResidualNetwork(this).Arrays();

    /// <exception cref="InputException"><c>backbone-spec</c>: a value is out of range.</exception>
    public void Validate()
    {
        Require(
            Format is >= 1 and <= CurrentFormat,
            $"its format {Format} is newer than this program knows ({CurrentFormat})"
        );
        Require(!string.IsNullOrWhiteSpace(Architecture), "the architecture has no name");
        Require(
            Blocks.Count is >= 1 and <= 4 && Blocks.All(b => b is >= 1 and <= 64),
            "blocks must name 1 to 4 stages of 1 to 64 blocks"
        );
        Require(Width is >= 1 and <= 512, $"width {Width} is not in 1..512");
        Require(Enum.IsDefined(Block) && Enum.IsDefined(Stem), "block or stem is not a known kind");
        Require(
            Classes.Count <= 100_000 && Classes.All(c => !string.IsNullOrWhiteSpace(c)),
            "it may name up to 100000 classes, none of them empty"
        );
        Require(Classes.Distinct(StringComparer.Ordinal).Count() == Classes.Count, "a class name occurs twice");
        Require(InputSize is >= 8 and <= 512, $"input size {InputSize} is not in 8..512");
        Require(
            ResizeShortSide >= InputSize && ResizeShortSide <= 1024,
            $"resize {ResizeShortSide} is not in {InputSize}..1024"
        );
        Require(Channels is 1 or 3, $"{Channels} channels are not supported (1 or 3)");
        Require(Mean.Count == Channels && Mean.All(float.IsFinite), "mean must hold one finite value per channel");
        Require(
            Std.Count == Channels && Std.All(s => float.IsFinite(s) && s > 0),
            "std must hold one positive value per channel"
        );
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="InputException"><c>backbone-spec</c>: not such a record, or a value is out of
    /// range.</exception>
    public static BackboneSpec FromJson(string json)
    {
        try
        {
            var spec = JsonSerializer.Deserialize<BackboneSpec>(json, Json) ?? throw new JsonException("it is null");
            spec.Validate();
            return spec;
        }
        catch (JsonException e)
        {
            throw new InputException(
                "backbone-spec",
                $"The description of the backbone cannot be read ({e.Message}): write the file anew with 'comod "
                    + $"backbone train'.",
                e
            );
        }
    }

    public bool Equals(BackboneSpec? other) => other is not null && ToJson() == other.ToJson();

    public override int GetHashCode() => ToJson().GetHashCode(StringComparison.Ordinal);

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InputException("backbone-spec", $"The description of the backbone is not usable: {otherwise}.");
    }
}
