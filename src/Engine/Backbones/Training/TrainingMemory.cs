using ComodCluster.Engine.Data.Clutter;

namespace ComodCluster.Engine.Backbones.Training;

/// <summary>
/// What a training takes of memory, known before an image is decoded: a lower bound, so that nothing is refused that
/// would fit.
/// </summary>
internal static class TrainingMemory
{
    // Of an object: its bytes in the cache and the pool; then in a tensor, and five steps of its normalisation.
    private const int InPools = 2 * ObjectPool.BytesPerObject,
        AsFloats = sizeof(float) * ObjectPool.BytesPerObject,
        WhileNormalised = InPools + ObjectPool.BytesPerObject + 5 * AsFloats;

    // Of a weight: itself, momentum and gradient in float32, and in bfloat16.
    private const int PerWeight = 3 * sizeof(float) + 2;

    // Of what a convolution gives, in bfloat16: before and after its norm, kept for the gradients.
    private const int PerOutput = 2 * 2;

    /// <summary>Bytes of the host.</summary>
    /// <param name="objects">Training images.</param>
    /// <param name="onHost">The network is on the processor, not on a GPU.</param>
    public static long Bytes(BackboneSpec spec, int batch, long objects, bool onHost) =>
        onHost
            ? Math.Max(objects * WhileNormalised, objects * (InPools + AsFloats) + Network(spec, batch))
            : objects * WhileNormalised;

    /// <param name="available">Bytes of the host.</param>
    /// <exception cref="InputException"><c>training-too-large</c></exception>
    /// <inheritdoc cref="Bytes"/>
    public static void Require(BackboneSpec spec, int batch, long objects, bool onHost, long available)
    {
        if (objects > Array.MaxLength / ObjectPool.BytesPerObject)
            throw new InputException(
                "training-too-large",
                $"The training has {objects:N0} images and {Array.MaxLength / ObjectPool.BytesPerObject:N0} are "
                    + "possible: use a smaller data set, or skip more of each class."
            );
        if (Bytes(spec, batch, objects, onHost) is var bytes && bytes > available)
            throw new InputException(
                "training-too-large",
                FormattableString.Invariant(
                    $"The training needs at least {Gigabytes(bytes):0.0} GB of memory ({objects:N0} images, batches of {batch}, width {spec.Width}) and the worker has {Gigabytes(available):0.0} GB: "
                ) + "choose a smaller batch or width, or fewer images."
            );
    }

    private static long Network(BackboneSpec spec, int batch)
    {
        var network = new ResidualNetwork(spec);
        var weights = spec.Arrays().Sum(array => array.Shape.Aggregate(1L, (n, d) => n * d));
        var size = network.StemConv.SizeAfter(spec.InputSize);
        var outputs = Of(network.StemConv, size);
        (_, size, _) = network.ShapeAt(Cut.Stem, spec.InputSize);
        foreach (var block in network.Blocks)
        {
            if (block.Shortcut is { } shortcut)
                outputs += Of(shortcut, shortcut.SizeAfter(size));
            foreach (var conv in block.Convs)
                outputs += Of(conv, size = conv.SizeAfter(size));
        }
        return weights * PerWeight + batch * outputs * PerOutput;
    }

    private static long Of(ConvLayout conv, int side) => (long)conv.Out * side * side;

    private static double Gigabytes(long bytes) => (double)bytes / (1L << 30);
}
