using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Backbones;

/// <summary>
/// A place in the network: everything before it is the prefix, everything after it the suffix.
/// Written <c>stem</c>, <c>layer2</c> (after a stage, 1-based), <c>layer2.0</c> (after a block, 0-based) or <c>pool</c>
/// (the features themselves).
/// </summary>
[JsonConverter(typeof(CutConverter))]
public readonly record struct Cut
{
    private const int AfterPooling = int.MaxValue,
        BeforeStem = -1;
    private readonly int _stage; // 0: after the stem
    private readonly int _block; // 0: whole stage, otherwise index + 1

    private Cut(int stage, int block) => (_stage, _block) = (stage, block);

    public static Cut Stem => default;

    /// <summary>
    /// The image itself: for what changes the network from its first layer on. No task's encoder layer, so it has no
    /// name that <see cref="Parse"/> knows.
    /// </summary>
    public static Cut Input => new(BeforeStem, 0);

    public static Cut Pool => new(AfterPooling, 0);

    /// <param name="stage">1-based.</param>
    public static Cut AfterStage(int stage) => new(stage, 0);

    /// <param name="stage">1-based.</param>
    /// <param name="block">0-based.</param>
    public static Cut AfterBlock(int stage, int block) => new(stage, block + 1);

    /// <summary>1-based stage, or null at the input, at the stem and after the pooling.</summary>
    public int? Stage => _stage is > 0 and < AfterPooling ? _stage : null;

    /// <summary>0-based block within the stage, or null where the cut is not inside a stage.</summary>
    public int? Block => _block == 0 ? null : _block - 1;

    /// <exception cref="InputException"><c>backbone-cut</c>: not the name of a cut. Whether a network has it is for
    /// <see cref="BackboneSpec.Resolve"/> to say.</exception>
    public static Cut Parse(string text)
    {
        if (text == "stem")
            return Stem;
        if (text == "pool")
            return Pool;
        if (text.StartsWith("layer", StringComparison.Ordinal))
        {
            var parts = text[5..].Split('.');
            if (parts.Length <= 2 && Number(parts[0]) is { } stage and > 0)
            {
                if (parts.Length == 1)
                    return AfterStage(stage);
                if (Number(parts[1]) is { } block)
                    return AfterBlock(stage, block);
            }
        }
        throw new InputException(
            "backbone-cut",
            $"'{text}' is not a cut: choose stem, layer1 to layer4, a block such as layer2.0, or pool."
        );
    }

    private static int? Number(string digits) =>
        digits.Length <= 3 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? n
            : null;

    public override string ToString() =>
        _stage switch
        {
            BeforeStem => "input",
            0 => "stem",
            AfterPooling => "pool",
            _ when _block == 0 => $"layer{_stage}",
            _ => $"layer{_stage}.{_block - 1}",
        };

    private sealed class CutConverter : JsonConverter<Cut>
    {
        public override Cut Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(
                reader.TokenType == JsonTokenType.String
                    ? reader.GetString()!
                    : throw new JsonException("a cut is a string")
            );

        public override void Write(Utf8JsonWriter writer, Cut value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
