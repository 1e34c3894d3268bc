using System.Runtime.ExceptionServices;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Execution;

/// <summary>Encoded images to the backbone's input, decoded on all cores.</summary>
public static class ImageTiles
{
    public static Preprocessing PreprocessingOf(BackboneSpec spec) => new(
        spec.ResizeShortSide, spec.InputSize, new ChannelValues(spec.Mean[0], spec.Mean[1], spec.Mean[2]), new ChannelValues(spec.Std[0], spec.Std[1], spec.Std[2]));

    /// <param name="rows">Rows of the tile, at least as many as images; the rest is zero.</param>
    /// <returns>[rows, 3, S, S]</returns>
    public static Tensor Load(Backbone backbone, IReadOnlyList<PackImage> images, int rows)
    {
        var values = Values(backbone.Spec.InputSize);
        var preprocessing = PreprocessingOf(backbone.Spec);
        var pixels = new float[(long)rows * values];
        try
        {
            Parallel.For(0, images.Count, i => preprocessing.Apply(images[i].Pack.Decode(images[i].Index), pixels.AsSpan(i * values, values)));
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
        return ToTensor(backbone, pixels, rows);
    }

    public static Tensor ToTensor(Backbone backbone, float[] pixels, int rows)
    {
        int side = backbone.Spec.InputSize;
        return tensor(pixels, [rows, RgbImage.Channels, side, side], device: backbone.Device);
    }

    private static int Values(int side) => RgbImage.Channels * side * side;
}
