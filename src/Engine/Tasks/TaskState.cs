using System.Globalization;
using System.Text.Json;
using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Tasks;

/// <summary>
/// A task's whole state: a few kilobytes, immutable. Predicts y = W (g * s(gamma(mu) h)) + b; with
/// <see cref="GainFolded"/> the readout was refitted on the modulated features and takes them without g, and a
/// <see cref="Placed"/> one takes pools of any stages (docs/method.md#readout-in-closed-form).
/// </summary>
public sealed record TaskState
{
    public const int CurrentFormat = 4;

    // The first has one modulated layer, the second several. The third had decoder gains of layers
    // (docs/decisions/0016-removed-settings.md): its number is not used again. The fourth has a placed readout.
    private const int FirstFormat = 1,
        LayersFormat = 2;

    private const string FormatKey = "comod.format",
        TaskKey = "comod.task",
        SettingsKey = "comod.settings",
        BackboneKey = "comod.backbone-digest",
        ProfileKey = "comod.profile",
        FoldedKey = "comod.gain-folded";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public required TaskDefinition Task { get; init; }
    public required TaskSettings Settings { get; init; }
    public required string BackboneDigest { get; init; }

    /// <summary>Precision, batch rows and threads it was made with.</summary>
    public required string Profile { get; init; }

    /// <summary>
    /// Channel couplings, [C]; empty where the method has none. Of non-negative couplings the squares. Of several
    /// layers one after the other, as the grids are, which then have height 1.
    /// </summary>
    public float[] Channel { get; init; } = [];

    /// <summary>Spatial couplings, [GridHeight, GridWidth]; empty where the method has none.</summary>
    public float[] Spatial { get; init; } = [];
    public int GridHeight { get; init; }
    public int GridWidth { get; init; }

    /// <summary>
    /// What methods without couplings train: scales less 1, downs of low-rank changes, or changes of kernels; empty
    /// otherwise.
    /// </summary>
    public float[] First { get; init; } = [];

    /// <summary>Shifts, ups of low-rank changes, or changes of biases; empty where <see cref="First"/> is.</summary>
    public float[] Second { get; init; } = [];

    /// <summary>Decoder gain, [D], mean 1; empty where the readout is placed, as the next two are.</summary>
    public float[] DecoderGain { get; init; } = [];

    /// <summary>Of the penultimate features, [K, D].</summary>
    public float[] Readout { get; init; } = [];

    /// <summary>[K]</summary>
    public float[] Bias { get; init; } = [];

    /// <summary>A readout in closed form with its place; null: that of the penultimate features.</summary>
    public PlacedReadout? Placed { get; init; }

    public bool GainFolded { get; init; }

    // Earlier builds read the first two.
    private int Format =>
        Placed is not null ? CurrentFormat
        : Settings.Also is null ? FirstFormat
        : LayersFormat;

    /// <summary>Safetensors with the rest as metadata.</summary>
    public byte[] Serialize()
    {
        List<SafeTensor> tensors = Placed is not null
            ? [.. Placed.Tensors()]
            :
            [
                SafeTensor.Of("decoder_gain", [DecoderGain.Length], DecoderGain),
                SafeTensor.Of("readout.weight", [Bias.Length, DecoderGain.Length], Readout),
                SafeTensor.Of("readout.bias", [Bias.Length], Bias),
            ];
        if (Channel.Length > 0)
            tensors.Add(SafeTensor.Of("couplings.channel", [Channel.Length], Channel));
        if (Spatial.Length > 0)
            tensors.Add(SafeTensor.Of("couplings.spatial", [GridHeight, GridWidth], Spatial));
        var (first, second) = NamesOf(Settings.Method);
        if (First.Length > 0)
            tensors.AddRange([
                SafeTensor.Of(first, [First.Length], First),
                SafeTensor.Of(second, [Second.Length], Second),
            ]);
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [FormatKey] = Format.ToString(CultureInfo.InvariantCulture),
            [TaskKey] = JsonSerializer.Serialize(Task, Json),
            [SettingsKey] = JsonSerializer.Serialize(Written, Json),
            [BackboneKey] = BackboneDigest,
            [ProfileKey] = Profile,
            [FoldedKey] = GainFolded ? "true" : "false",
        };
        if (Placed is not null)
            metadata[PlacedReadout.MetadataKey] = Placed.Describe();
        return SafeTensors.Write(tensors, metadata);
    }

    /// <exception cref="InputException">
    /// state-unreadable, or weights-file where it is no safetensors file. settings-removed: it has decoder gains of
    /// layers or of classes.
    /// </exception>
    public static TaskState Parse(byte[] blob)
    {
        var file = SafeTensors.Read(blob);
        try
        {
            var format = int.Parse(file.Metadata[FormatKey], CultureInfo.InvariantCulture);
            if (format > CurrentFormat)
                throw new InputException(
                    "state-unreadable",
                    $"The task's state has format {format} and this program reads up to {CurrentFormat}; update the "
                        + $"program."
                );
            var placed = format == CurrentFormat ? PlacedReadout.Of(file) : null;
            if (placed is null)
                RefuseRemoved(file);
            var spatial = file.Tensors.GetValueOrDefault("couplings.spatial");
            var settings = JsonSerializer.Deserialize<TaskSettings>(file.Metadata[SettingsKey], Json)!;
            var (first, second) = NamesOf(settings.Method);
            var task = JsonSerializer.Deserialize<TaskDefinition>(file.Metadata[TaskKey], Json)!;
            return new TaskState
            {
                Task = task,
                Settings = settings with { Method = MethodOf(settings.Method, task.Mode, placed is not null) },
                BackboneDigest = file.Metadata[BackboneKey],
                Profile = file.Metadata[ProfileKey],
                GainFolded = file.Metadata[FoldedKey] == "true",
                Channel = file.Tensors.GetValueOrDefault("couplings.channel")?.ToFloats() ?? [],
                Spatial = spatial?.ToFloats() ?? [],
                GridHeight = (int)(spatial?.Shape[0] ?? 0),
                GridWidth = (int)(spatial?.Shape[1] ?? 0),
                First = file.Tensors.GetValueOrDefault(first)?.ToFloats() ?? [],
                Second = file.Tensors.GetValueOrDefault(second)?.ToFloats() ?? [],
                DecoderGain = placed is null ? file.Tensors["decoder_gain"].ToFloats() : [],
                Readout = placed is null ? file.Tensors["readout.weight"].ToFloats() : [],
                Bias = placed is null ? file.Tensors["readout.bias"].ToFloats() : [],
                Placed = placed,
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or FormatException)
        {
            throw new InputException(
                "state-unreadable",
                "The file is no task state of this program; adapt the task again.",
                e
            );
        }
    }

    /// <summary>
    /// The method by the name that this build has for it: of new classes earlier ones called
    /// <see cref="Method.Readout"/> what is <see cref="Method.ReadoutPenultimate"/> now.
    /// </summary>
    /// <param name="placed">Whether the version's readout has a place.</param>
    public static Method MethodOf(Method stored, ReadoutMode mode, bool placed) =>
        stored == Method.Readout && mode == ReadoutMode.Own && !placed ? Method.ReadoutPenultimate : stored;

    // Earlier builds serve such a state, by the name that they have for the method.
    private TaskSettings Written =>
        Settings.Method == Method.ReadoutPenultimate ? Settings with { Method = Method.Readout } : Settings;

    /// <summary>
    /// Earlier builds had decoder gains of layers and of each class (docs/decisions/0016-removed-settings.md).
    /// </summary>
    private static void RefuseRemoved(SafeTensors file)
    {
        var setting =
            file.Tensors.ContainsKey("decoder_gain.layers") ? "gainAt"
            : file.Tensors["decoder_gain"].Shape.Count > 1 ? "gainPer"
            : null;
        if (setting is null)
            return;
        throw new InputException(
            "settings-removed",
            $"The version was made with the setting {setting}, which was removed because the study of the method "
                + $"found it harmful "
                + "(docs/method-study.md); activate another version, or adapt the task again."
        );
    }

    private static (string First, string Second) NamesOf(Method method) =>
        MethodTraits.Of(method).Trains switch
        {
            NetworkPart.LowRank => ("lora.down", "lora.up"),
            NetworkPart.Weights => ("weights.kernel", "weights.bias"),
            _ => ("affine.scale", "affine.shift"),
        };
}
