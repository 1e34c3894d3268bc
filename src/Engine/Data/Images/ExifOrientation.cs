using SkiaSharp;

namespace ComodCluster.Engine.Data;

/// <summary>Turns stored rows into the picture as it was taken (EXIF tag 0x0112).</summary>
internal static class ExifOrientation
{
    public static bool SwapsSides(this SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    /// <summary>Drops alpha and turns.</summary>
    /// <param name="origin">Where the stored first row and first column lie in the upright picture.</param>
    /// <param name="rgba">At least width * height * 4 bytes, stored order.</param>
    /// <param name="width">Stored pixels per row.</param>
    /// <param name="height">Stored rows.</param>
    public static RgbImage Upright(this SKEncodedOrigin origin, byte[] rgba, int width, int height)
    {
        var (w, h) = origin.SwapsSides() ? (height, width) : (width, height);
        var rgb = GC.AllocateUninitializedArray<byte>(w * h * RgbImage.Channels);
        var to = 0;
        for (var y = 0; y < h; y++)
        {
            for (var x = 0; x < w; x++, to += RgbImage.Channels)
            {
                var (sx, sy) = origin switch
                {
                    SKEncodedOrigin.TopRight => (width - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, height - 1 - x),
                    SKEncodedOrigin.RightBottom => (width - 1 - y, height - 1 - x),
                    SKEncodedOrigin.LeftBottom => (width - 1 - y, x),
                    _ => (x, y),
                };
                var from = (sy * width + sx) * 4;
                rgb[to] = rgba[from];
                rgb[to + 1] = rgba[from + 1];
                rgb[to + 2] = rgba[from + 2];
            }
        }
        return new RgbImage(w, h, rgb);
    }
}
