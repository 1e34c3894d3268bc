using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ComodCluster.Engine.Data.Clutter;
using ComodCluster.Engine.Data.Images;

namespace ComodCluster.Engine.Backbones.Training;

/// <summary>A small backbone to train from scratch: one object at a random cell of a noise canvas, named.</summary>
public sealed record BackboneTraining
{
    /// <summary>Its classes are those of the objects, its input is a canvas of whole cells.</summary>
    public required BackboneSpec Spec { get; init; }
    public required ObjectPool Train { get; init; }
    public required ObjectPool Test { get; init; }

    /// <summary>What the objects are, for the notes in the file.</summary>
    public required string TrainedOn { get; init; }
    public int Epochs { get; init; } = 8;
    public int Batch { get; init; } = 128;
    public int Seed { get; init; }

    /// <summary>Peak of the one-cycle schedule.</summary>
    public double PeakRate { get; init; } = 0.2;
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Element type of the file.</summary>
    public ElementType Type { get; init; } = ElementType.Float16;

    /// <summary>What an earlier run of the same training handed to its observer; null: from the start.</summary>
    public byte[]? Checkpoint { get; init; }

    /// <exception cref="InputException">settings-invalid</exception>
    public void Validate()
    {
        if (Epochs is < 1 or > 1000)
            throw Invalid("epochs", Epochs, "1 to 1000");
        if (Batch is < 2 or > 4096 || Batch > Train.Count)
            throw Invalid("batch", Batch, $"2 to {Math.Min(4096, Train.Count)}, the number of training images");
        if (Test.Count == 0)
            throw Invalid("number of test images", 0, "at least 1");
        if (Spec.InputSize % IObjectSource.Side != 0)
            throw Invalid("input size", Spec.InputSize, $"a multiple of {IObjectSource.Side}");
        if (Spec.Channels != RgbImage.Channels)
            throw Invalid("number of channels", Spec.Channels, $"{RgbImage.Channels}");
        if (PeakRate is not (> 0 and <= 10))
            throw Invalid("peak rate", PeakRate, "above 0, up to 10");
        if (WeightDecay is not (>= 0 and < 1))
            throw Invalid("weight decay", WeightDecay, "0 to below 1");
        if (!Spec.Classes.SequenceEqual(Train.Classes) || !Spec.Classes.SequenceEqual(Test.Classes))
            throw Invalid(
                "list of classes",
                string.Join(", ", Spec.Classes),
                $"those of the objects in their order: {string.Join(", ", Train.Classes)}"
            );
    }

    /// <summary>
    /// SHA-256 of everything that the weights depend on: a checkpoint goes on only in the training that wrote it.
    /// </summary>
    internal string Identity()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(
            Encoding.UTF8.GetBytes(
                $"{(Spec with { Notes = null }).ToJson()} {Epochs} {Batch} {Seed} {PeakRate:R} {WeightDecay:R}"
            )
        );
        hash.AppendData(MemoryMarshal.AsBytes<int>(Train.Labels));
        hash.AppendData(Train.Rgb);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static InputException Invalid(string setting, object value, string range) =>
        new("settings-invalid", $"The training's {setting} is {value}; choose {range}.");
}
