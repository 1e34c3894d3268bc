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
        Parallel.For(0, images.Count, i => preprocessing.Apply(images[i].Pack.Decode(images[i].Index), pixels.AsSpan(i * values, values)));
        return ToTensor(backbone, pixels, rows);
    }

    /// <returns>[3 S S], normalised.</returns>
    /// <exception cref="InputException">image-unreadable, image-too-large.</exception>
    public static float[] Decode(BackboneSpec spec, byte[] encoded)
    {
        var pixels = new float[Values(spec.InputSize)];
        PreprocessingOf(spec).Apply(ImageDecoder.Decode(encoded, ImageLimits.Default), pixels);
        return pixels;
    }

    public static Tensor ToTensor(Backbone backbone, float[] pixels, int rows)
    {
        int side = backbone.Spec.InputSize;
        return tensor(pixels, [rows, RgbImage.Channels, side, side], device: backbone.Device);
    }

    private static int Values(int side) => RgbImage.Channels * side * side;
}
