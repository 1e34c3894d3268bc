namespace ComodCluster.Engine.Data.Images;

/// <summary>A decoded picture: 8-bit red, green, blue, row after row (HWC).</summary>
/// <param name="Width">Pixels per row, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Rgb">Exactly Width * Height * 3 bytes.</param>
public sealed record RgbImage(int Width, int Height, byte[] Rgb)
{
    /// <summary>Values per pixel of every decoded image, whatever its file holds.</summary>
    public const int Channels = 3;

    public byte[] Rgb { get; } =
        Width > 0 && Height > 0 && Rgb.LongLength == (long)Width * Height * Channels
            ? Rgb
            : throw new ArgumentException($"{Width}x{Height} pixels do not fit {Rgb.LongLength} bytes.", nameof(Rgb));

    public static RgbImage Black(int width, int height) => new(width, height, new byte[width * height * Channels]);

    /// <summary>The three bytes of one pixel.</summary>
    public Span<byte> Pixel(int x, int y) => Rgb.AsSpan((y * Width + x) * Channels, Channels);
}
