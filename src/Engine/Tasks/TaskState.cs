using System.Globalization;
using System.Text.Json;
using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Tasks;

/// <summary>
/// A task's whole state: a few kilobytes, immutable. Predicts y = W (g * s(gamma(mu) h)) + b; with <see cref="GainFolded"/> the readout was refitted
/// on the modulated features and takes them without g.
/// </summary>
public sealed record TaskState
{
    public const int CurrentFormat = 3;

    // Earlier builds read these. The first know one modulated layer and one decoder gain, the next several layers and a gain of each class, none a gain of a layer.
    private const int FirstFormat = 1, SecondFormat = 2;

    private const string FormatKey = "comod.format", TaskKey = "comod.task", SettingsKey = "comod.settings", BackboneKey = "comod.backbone-digest",
        ProfileKey = "comod.profile", FoldedKey = "comod.gain-folded";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public required TaskDefinition Task { get; init; }
    public required TaskSettings Settings { get; init; }
    public required string BackboneDigest { get; init; }

    /// <summary>Precision, batch rows and threads it was made with.</summary>
    public required string Profile { get; init; }

    /// <summary>Channel couplings, [C]; empty where the method has none. Of non-negative couplings the squares. Of several layers one after the other, as the grids are, which then have height 1.</summary>
    public float[] Channel { get; init; } = [];

    /// <summary>Spatial couplings, [GridHeight, GridWidth]; empty where the method has none.</summary>
    public float[] Spatial { get; init; } = [];
    public int GridHeight { get; init; }
    public int GridWidth { get; init; }

    /// <summary>Of methods without couplings: scales less 1, downs of low-rank changes, or changes of kernels; empty otherwise.</summary>
    public float[] First { get; init; } = [];

    /// <summary>Shifts, ups of low-rank changes, or changes of biases; empty where <see cref="First"/> is.</summary>
    public float[] Second { get; init; } = [];

    /// <summary>Decoder gain, [D], mean 1; [K, D] where each class has its own, each with mean 1.</summary>
    public required float[] DecoderGain { get; init; }

    /// <summary>Decoder gains of the layers that the settings name, one after the other, each [C] with mean 1; empty where there are none.</summary>
    public float[] LayerGains { get; init; } = [];

    /// <summary>[K, D]</summary>
    public required float[] Readout { get; init; }

    /// <summary>[K]</summary>
    public required float[] Bias { get; init; }

    public bool GainFolded { get; init; }

    /// <summary>Decoder gain of each unit, [D]: of gains per class the mean over the classes.</summary>
    public float[] UnitGain() => [.. Enumerable.Range(0, Units).Select(j => Enumerable.Range(0, Gains).Average(k => DecoderGain[k * Units + j]))];

    private int Units => Readout.Length / Bias.Length; // D

    private int Gains => DecoderGain.Length / Units; // 1 or K

    private int Format => LayerGains.Length > 0 ? CurrentFormat : Settings.Also is not null || Gains > 1 ? SecondFormat : FirstFormat;

    /// <summary>Safetensors with the rest as metadata.</summary>
    public byte[] Serialize()
    {
        List<SafeTensor> tensors =
        [
            SafeTensor.Of("decoder_gain", Gains > 1 ? [Gains, Units] : [Units], DecoderGain),
            SafeTensor.Of("readout.weight", [Bias.Length, Units], Readout),
            SafeTensor.Of("readout.bias", [Bias.Length], Bias),
        ];
        if (Channel.Length > 0) tensors.Add(SafeTensor.Of("couplings.channel", [Channel.Length], Channel));
        if (Spatial.Length > 0) tensors.Add(SafeTensor.Of("couplings.spatial", [GridHeight, GridWidth], Spatial));
        if (LayerGains.Length > 0) tensors.Add(SafeTensor.Of("decoder_gain.layers", [LayerGains.Length], LayerGains));
        var (first, second) = NamesOf(Settings.Method);
        if (First.Length > 0) tensors.AddRange([SafeTensor.Of(first, [First.Length], First), SafeTensor.Of(second, [Second.Length], Second)]);
        return SafeTensors.Write(tensors, new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [FormatKey] = Format.ToString(CultureInfo.InvariantCulture),
            [TaskKey] = JsonSerializer.Serialize(Task, Json),
            [SettingsKey] = JsonSerializer.Serialize(Settings, Json),
            [BackboneKey] = BackboneDigest,
            [ProfileKey] = Profile,
            [FoldedKey] = GainFolded ? "true" : "false",
        });
    }

    /// <exception cref="InputException">state-unreadable, or weights-file where it is no safetensors file.</exception>
    public static TaskState Parse(byte[] blob)
    {
        var file = SafeTensors.Read(blob);
        try
        {
            var format = int.Parse(file.Metadata[FormatKey], CultureInfo.InvariantCulture);
            if (format > CurrentFormat)
                throw new InputException("state-unreadable", $"The task's state has format {format} and this program reads up to {CurrentFormat}; update the program.");
            var spatial = file.Tensors.GetValueOrDefault("couplings.spatial");
            var settings = JsonSerializer.Deserialize<TaskSettings>(file.Metadata[SettingsKey], Json)!;
            var (first, second) = NamesOf(settings.Method);
            return new TaskState
            {
                Task = JsonSerializer.Deserialize<TaskDefinition>(file.Metadata[TaskKey], Json)!,
                Settings = settings,
                BackboneDigest = file.Metadata[BackboneKey],
                Profile = file.Metadata[ProfileKey],
                GainFolded = file.Metadata[FoldedKey] == "true",
                Channel = file.Tensors.GetValueOrDefault("couplings.channel")?.ToFloats() ?? [],
                Spatial = spatial?.ToFloats() ?? [],
                GridHeight = (int)(spatial?.Shape[0] ?? 0),
                GridWidth = (int)(spatial?.Shape[1] ?? 0),
                First = file.Tensors.GetValueOrDefault(first)?.ToFloats() ?? [],
                Second = file.Tensors.GetValueOrDefault(second)?.ToFloats() ?? [],
                DecoderGain = file.Tensors["decoder_gain"].ToFloats(),
                LayerGains = file.Tensors.GetValueOrDefault("decoder_gain.layers")?.ToFloats() ?? [],
                Readout = file.Tensors["readout.weight"].ToFloats(),
                Bias = file.Tensors["readout.bias"].ToFloats(),
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or FormatException)
        {
            throw new InputException("state-unreadable", "The file is no task state of this program; adapt the task again.", e);
        }
    }

    private static (string First, string Second) NamesOf(Method method) => MethodTraits.Of(method).Trains switch
    {
        NetworkPart.LowRank => ("lora.down", "lora.up"),
        NetworkPart.Weights => ("weights.kernel", "weights.bias"),
        _ => ("affine.scale", "affine.shift"),
    };
}
