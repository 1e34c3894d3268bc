using System.Runtime.InteropServices;

namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>
/// The ResNet-18 that ships with the silo: trained on ImageNet, 512 features, no head. Its file is that of the package
/// <c>Microsoft.ML.DnnImageFeaturizer.ResNet18</c> (MIT).
/// </summary>
public static class ImageNetBackbone
{
    public const string Name = "resnet18-imagenet";

    /// <summary>SHA-256 of the package's file, lower-case hexadecimal.</summary>
    public const string Source = "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f";

    private const string FirstKernel = "conv1.weight";

    /// <summary>
    /// The file subtracts the mean colours of ImageNet from values in 0..255, and its last stage has a block more than
    /// torchvision's.
    /// </summary>
    public static BackboneSpec Spec { get; } =
        BackboneSpec.ResNet(StemKind.ImageNet, BlockKind.Basic, [2, 2, 2, 3], 64) with
        {
            Mean = [123.15163f / 255, 115.90288f / 255, 103.06262f / 255],
            Std = [1f / 255, 1f / 255, 1f / 255],
            Notes = new(TrainedOn: "ImageNet", Text: "Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1 (MIT)"),
        };

    /// <summary>
    /// The weights file: the same bytes everywhere. Normalisations stay float32, since a variance of 72,300 is infinite
    /// in half precision.
    /// </summary>
    /// <param name="path">The package's file.</param>
    /// <param name="kernels">What kernels are rounded to.</param>
    /// <exception cref="InputException"><c>weights-file</c>: it is another file.</exception>
    public static byte[] Convert(string path, ElementType kernels = ElementType.Float16)
    {
        using var file = MappedFile.Open(path);
        if (SafeTensors.DigestOf(file.Memory.Span) is var digest && digest != Source)
            throw new InputException(
                "weights-file",
                $"The file of the backbone '{Name}' was changed: its SHA-256 is {digest} instead of {Source}; install "
                    + "the silo again."
            );
        return SafeTensors.Write(
            [.. OnnxResNet.Read(file.Memory).Tensors.Select(t => t.Shape.Count == 4 ? Kernel(t, kernels) : t)],
            new Dictionary<string, string> { [BackboneSpec.MetadataKey] = Spec.ToJson() }
        );
    }

    private static SafeTensor Kernel(SafeTensor tensor, ElementType type)
    {
        if (tensor.Name != FirstKernel)
            return type == tensor.Type
                ? tensor
                : SafeTensor.Of(
                    tensor.Name,
                    tensor.Shape,
                    MemoryMarshal.Cast<byte, float>(tensor.Bytes.Span), // no copy: they are float32, by their digest
                    type
                );
        // [64, 3, 7, 7]: the file takes blue first.
        var (from, turned, place) = (
            tensor.ToFloats(),
            new float[tensor.Count],
            (int)(tensor.Shape[2] * tensor.Shape[3])
        );
        for (var i = 0; i < turned.Length; i++)
        {
            var (output, channel, rest) = (i / (3 * place), i / place % 3, i % place);
            turned[i] = from[(3 * output + 2 - channel) * place + rest];
        }
        return SafeTensor.Of(tensor.Name, tensor.Shape, turned, type);
    }
}
