using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Planning;

/// <summary>
/// Multiply-adds of the convolutions: what the time of a part of the network is about proportional to.
/// </summary>
public static class OperationCount
{
    /// <summary>Multiply-adds of one image up to a cut.</summary>
    public static long Prefix(BackboneSpec spec, Cut cut)
    {
        var network = new ResidualNetwork(spec);
        var size = network.StemConv.SizeAfter(spec.InputSize);
        var count = Of(network.StemConv, size);
        (_, size, _) = network.ShapeAt(Cut.Stem, spec.InputSize);
        foreach (var block in network.Blocks.Take(network.BlocksBefore(spec.Resolve(cut))))
        {
            var into = size;
            foreach (var conv in block.Convs)
                count += Of(conv, size = conv.SizeAfter(size));
            if (block.Shortcut is { } shortcut)
                count += Of(shortcut, shortcut.SizeAfter(into));
        }
        return count;
    }

    /// <summary>Multiply-adds of one image through the whole network.</summary>
    public static long Whole(BackboneSpec spec) => Prefix(spec, Cut.Pool);

    private static long Of(ConvLayout conv, int side) =>
        (long)conv.In * conv.Out * conv.Kernel * conv.Kernel * side * side;
}
