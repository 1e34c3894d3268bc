namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>What is said of ONNX files that cannot be used.</summary>
internal static class OnnxFault
{
    /// <summary>The file is damaged, or no such file.</summary>
    public static InputException Broken(string why) =>
        new("weights-file", $"The file is not a usable ONNX model: {why}; export or upload it again.");

    /// <summary>The model is another one.</summary>
    public static InputException NoResNet(string why) =>
        new(
            "backbone-architecture",
            $"The ONNX model is no ResNet of torchvision's form: {why}; export one of basic or bottleneck blocks for "
                + "inference, without what comes before the network."
        );
}
