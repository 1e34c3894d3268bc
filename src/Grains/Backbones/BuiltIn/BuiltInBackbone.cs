using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Backbones.Onnx;

namespace ComodCluster.Grains.Backbones.BuiltIn;

/// <summary>A backbone whose weights ship with the silo.</summary>
/// <param name="Spec">Its description.</param>
/// <param name="Make">The bytes of its weights file; a second of work for some.</param>
public sealed record BuiltInBackbone(string Name, BackboneSpec Spec, Func<byte[]> Make)
{
    /// <summary>A weights file that is registered as it is, under its own name.</summary>
    public static BuiltInBackbone OfWeights(string path)
    {
        using var file = File.OpenRead(path);
        return new(
            Path.GetFileNameWithoutExtension(path),
            BackboneSpec.FromJson(SafeTensors.Read(file).Metadata[BackboneSpec.MetadataKey]),
            () => File.ReadAllBytes(path)
        );
    }

    /// <summary>The network trained on ImageNet, which is converted from another format.</summary>
    public static BuiltInBackbone OfImageNet(string path) =>
        new(ImageNetBackbone.Name, ImageNetBackbone.Spec, () => ImageNetBackbone.Convert(path));

    /// <summary>What is listed of it while nobody has used it.</summary>
    public BackboneInfo Info =>
        new()
        {
            Uid = "",
            Name = Name,
            Phase = BackbonePhase.Available,
            Architecture = Spec.Architecture,
            Classes = Spec.Classes,
            InputSize = Spec.InputSize,
            Cuts = [.. Spec.Cuts.Select(cut => cut.ToString())],
            FeatureWidth = Spec.FeatureWidth,
            Parameters = Spec.Parameters,
            Notes = BackboneNotesText.Of(Spec.Notes),
            Created = DateTimeOffset.UnixEpoch,
        };

    /// <summary>The bytes of its weights file.</summary>
    /// <exception cref="ComodException">blob-damaged: the silo's own file.</exception>
    public byte[] Weights()
    {
        try
        {
            return Make();
        }
        catch (InputException damaged)
        {
            throw new ComodException(ErrorCodes.BlobDamaged, 503, damaged.Message, damaged);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ComodException(
                ErrorCodes.BlobDamaged,
                503,
                $"The silo's file of the backbone '{Name}' cannot be read; install the silo again.",
                unreadable
            );
        }
    }
}
