namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>How a convolution or a pooling pads.</summary>
internal static class OnnxPads
{
    /// <summary>Whether it pads by half of its kernel.</summary>
    /// <param name="size">Side of the kernel.</param>
    /// <param name="isUneven">Becomes true where it pads one less behind, which is the same at even sizes and stride
    /// 2.</param>
    public static bool AreHalf(OnnxNode node, int size, int stride, ref bool isUneven)
    {
        if (node.Attributes.GetValueOrDefault("auto_pad")?.Text is not (null or "" or "NOTSET" or "VALID"))
            return stride == 1 && size % 2 == 1; // the same size is left: by half
        var half = size / 2;
        var pads = node.Integers("pads") is { Count: > 0 } given ? given : [0, 0, 0, 0];
        if (pads.Count != 4 || pads[0] != half || pads[1] != half)
            return false;
        if (pads[2] == half && pads[3] == half)
            return true;
        isUneven = true;
        return stride == 2 && pads[2] == half - 1 && pads[3] == half - 1;
    }
}
