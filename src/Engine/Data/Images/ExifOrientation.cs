using SkiaSharp;

namespace ComodCluster.Engine.Data.Images;

/// <summary>Turns stored rows into the picture as it was taken (EXIF tag 0x0112).</summary>
internal static class ExifOrientation
{
    public static bool SwapsSides(this SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    /// <summary>Where the first row and column of an encoded image lie, as it states.</summary>
    public static SKEncodedOrigin OriginOf(this SKCodec codec, ReadOnlySpan<byte> encoded) =>
        codec.EncodedFormat == SKEncodedImageFormat.Png ? PngOrientation.Of(encoded) : codec.EncodedOrigin;

    /// <summary>Drops alpha and turns.</summary>
    /// <param name="origin">Where the stored first row and first column lie in the upright picture.</param>
    /// <param name="rgba">At least width * height * 4 bytes, stored order.</param>
    /// <param name="width">Stored pixels per row.</param>
    /// <param name="height">Stored rows.</param>
    public static RgbImage Upright(this SKEncodedOrigin origin, byte[] rgba, int width, int height)
    {
        var (w, h) = origin.SwapsSides() ? (height, width) : (width, height);
        // Stored pixel of the upright picture's first one, and the steps to its right and lower neighbours.
        var (first, right, down) = origin switch
        {
            SKEncodedOrigin.TopRight => (width - 1, -1, width),
            SKEncodedOrigin.BottomRight => (width * height - 1, -1, -width),
            SKEncodedOrigin.BottomLeft => (width * (height - 1), 1, -width),
            SKEncodedOrigin.LeftTop => (0, width, 1),
            SKEncodedOrigin.RightTop => (width * (height - 1), -width, 1),
            SKEncodedOrigin.RightBottom => (width * height - 1, -width, -1),
            SKEncodedOrigin.LeftBottom => (width - 1, width, -1),
            _ => (0, 1, width),
        };
        var rgb = GC.AllocateUninitializedArray<byte>(w * h * RgbImage.Channels);
        var to = 0;
        for (var y = 0; y < h; y++)
        {
            var from = (first + y * down) * 4;
            for (var x = 0; x < w; x++, to += RgbImage.Channels, from += right * 4)
            {
                rgb[to] = rgba[from];
                rgb[to + 1] = rgba[from + 1];
                rgb[to + 2] = rgba[from + 2];
            }
        }
        return new RgbImage(w, h, rgb);
    }
}
