using System.Buffers;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Images;

namespace ComodCluster.Engine.Activations;

/// <summary>One image as the backbone reads it, in pooled memory.</summary>
public sealed class PixelBuffer : IDisposable
{
    private readonly int _length;
    private float[]? _values;

    private PixelBuffer(int length)
    {
        _length = length;
        _values = ArrayPool<float>.Shared.Rent(length);
    }

    /// <summary>[3 S S], normalised.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, _length);

    /// <exception cref="InputException">image-unreadable, image-too-large.</exception>
    public static PixelBuffer Decode(BackboneSpec spec, ReadOnlyMemory<byte> encoded)
    {
        var buffer = new PixelBuffer(RgbImage.Channels * spec.InputSize * spec.InputSize);
        try
        {
            PreprocessingOf(spec)
                .Apply(ImageDecoder.Decode(encoded, ImageLimits.Default), buffer._values.AsSpan(0, buffer._length));
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    public static Preprocessing PreprocessingOf(BackboneSpec spec) =>
        new(
            spec.ResizeShortSide,
            spec.InputSize,
            new ChannelValues(spec.Mean[0], spec.Mean[1], spec.Mean[2]),
            new ChannelValues(spec.Std[0], spec.Std[1], spec.Std[2])
        );

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _values, null) is { } values)
            ArrayPool<float>.Shared.Return(values);
    }
}
