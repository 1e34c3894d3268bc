using System.Buffers;
using SkiaSharp;

namespace ComodCluster.Engine.Data.Images;

/// <summary>
/// PNG, JPEG, WebP and BMP to RGB and back. Thread-safe. Grey and palette images become RGB, 16-bit samples are scaled
/// to 8, alpha is dropped (the stored colour stays, as in PIL's <c>convert("RGB")</c>), colour profiles are ignored,
/// EXIF orientation is applied; of an animation the first frame counts.
/// </summary>
public static class ImageDecoder
{
    private const int MaxPooledBytes = 1 << 22;

    private const string Formats = "PNG, JPEG, WebP or BMP";

    /// <summary>Reads the header only.</summary>
    /// <exception cref="InputException"><c>image-unreadable</c> or <c>image-too-large</c>.</exception>
    public static (int Width, int Height) ReadSize(ReadOnlyMemory<byte> encoded, ImageLimits limits)
    {
        using var codec = OpenCodec(encoded, limits);
        return codec.OriginOf(encoded.Span).SwapsSides()
            ? (codec.Info.Height, codec.Info.Width)
            : (codec.Info.Width, codec.Info.Height);
    }

    /// <exception cref="InputException"><c>image-unreadable</c> or <c>image-too-large</c>.</exception>
    public static RgbImage Decode(ReadOnlyMemory<byte> encoded, ImageLimits limits)
    {
        using var codec = OpenCodec(encoded, limits);
        int width = codec.Info.Width,
            height = codec.Info.Height;
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var rgba = Rent(info.BytesSize);
        try
        {
            var result = codec.GetPixels(info, rgba);
            if (result != SKCodecResult.Success)
            {
                throw new InputException(
                    "image-unreadable",
                    $"The image is broken or cut off ({Reason(result)}); export it again as {Formats}."
                );
            }
            return codec.OriginOf(encoded.Span).Upright(rgba, width, height);
        }
        finally
        {
            Return(rgba);
        }
    }

    /// <summary>An 8-bit RGB file without alpha; the same pixels give the same bytes.</summary>
    public static byte[] EncodePng(RgbImage image)
    {
        var info = new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var rgba = Rent(info.BytesSize);
        try
        {
            for (int from = 0, to = 0; from < image.Rgb.Length; from += RgbImage.Channels, to += 4)
            {
                image.Rgb.AsSpan(from, RgbImage.Channels).CopyTo(rgba.AsSpan(to));
                rgba[to + 3] = byte.MaxValue;
            }
            using var pin = new PinnedBytes(rgba);
            using var pixmap = new SKPixmap(info, pin.Address);
            using var encoded =
                pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, zLibLevel: 1))
                ?? throw new InvalidOperationException(
                    $"A picture of {image.Width} x {image.Height} pixels could not be encoded."
                );
            return encoded.ToArray();
        }
        finally
        {
            Return(rgba);
        }
    }

    // A pool would keep the 160 MB of one large picture for good.
    private static byte[] Rent(int bytes) =>
        bytes <= MaxPooledBytes ? ArrayPool<byte>.Shared.Rent(bytes) : GC.AllocateUninitializedArray<byte>(bytes);

    private static void Return(byte[] bytes)
    {
        if (bytes.Length <= MaxPooledBytes)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    private static SKCodec OpenCodec(ReadOnlyMemory<byte> encoded, ImageLimits limits)
    {
        if (encoded.Length > limits.MaxEncodedBytes)
        {
            throw new InputException(
                "image-too-large",
                $"The image file has {encoded.Length:N0} bytes and {limits.MaxEncodedBytes:N0} are allowed; "
                    + $"compress or shrink it."
            );
        }
        using var data = SKData.CreateCopy(encoded.Span);
        var codec = SKCodec.Create(data);
        if (
            codec?.EncodedFormat
            is not (
                SKEncodedImageFormat.Png
                or SKEncodedImageFormat.Jpeg
                or SKEncodedImageFormat.Webp
                or SKEncodedImageFormat.Bmp
            )
        )
        {
            codec?.Dispose();
            throw new InputException(
                "image-unreadable",
                ForeignFormat.NameOf(encoded.Span) is { } foreign
                    ? $"The file is {foreign}, which is not read; convert it to {Formats}."
                    : $"The file is not a readable image; send {Formats}."
            );
        }
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width > 0 && height > 0 && (long)width * height <= limits.MaxPixels)
            return codec;
        codec.Dispose();
        throw width > 0 && height > 0
            ? new InputException(
                "image-too-large",
                $"The image has {width} x {height} pixels and {limits.MaxPixels / 1e6:0.#} megapixels are allowed; "
                    + $"shrink it."
            )
            : new InputException("image-unreadable", $"The image has no pixels; send {Formats}.");
    }

    private static string Reason(SKCodecResult result) =>
        result switch
        {
            SKCodecResult.IncompleteInput => "it ends too early",
            SKCodecResult.ErrorInInput or SKCodecResult.InvalidInput => "its data is damaged",
            _ => "it cannot be decoded",
        };
}
