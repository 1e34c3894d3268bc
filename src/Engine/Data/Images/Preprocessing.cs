namespace ComodCluster.Engine.Data.Images;

/// <summary>
/// From a picture to the numbers a backbone reads: torchvision's Resize, CenterCrop, ToTensor and Normalize on PIL
/// images.
/// Two equal records give the same numbers.
/// </summary>
/// <param name="ResizeShortSide">Pixels of the shorter side after resizing (bilinear, antialiased), the longer keeps
/// the aspect; null: no resizing.</param>
/// <param name="CentreCrop">Side of the square cut from the middle; a smaller picture is padded with black; null: no
/// crop.</param>
/// <param name="Mean">Subtracted, in units of 0..1.</param>
/// <param name="Std">Divided by, in units of 0..1, positive.</param>
public sealed record Preprocessing(int? ResizeShortSide, int? CentreCrop, ChannelValues Mean, ChannelValues Std)
{
    /// <summary>Smallest and largest side of a model's input, in pixels.</summary>
    public const int MinSide = 8,
        MaxSide = 512;

    /// <summary>As torchvision's ImageNet models were trained: 256, 224.</summary>
    public static Preprocessing ImageNet { get; } =
        new(256, 224, new(0.485f, 0.456f, 0.406f), new(0.229f, 0.224f, 0.225f));

    /// <summary>
    /// (byte - 120) / 64 on pictures of <paramref name="side"/> x <paramref name="side"/>: the small backbones of the
    /// clutter protocol.
    /// </summary>
    public static Preprocessing SmallNet(int side) => new(side, side, Grey(120f / 255f), Grey(64f / 255f));

    /// <exception cref="InputException"><c>preprocessing-invalid</c>.</exception>
    public Preprocessing Validated()
    {
        foreach (var side in new[] { ResizeShortSide, CentreCrop })
        {
            if (side is < MinSide or > MaxSide)
                throw new InputException(
                    "preprocessing-invalid",
                    $"Preprocessing to {side} pixels is not possible; choose {MinSide} to {MaxSide}."
                );
        }
        for (var c = 0; c < RgbImage.Channels; c++)
        {
            if (!float.IsFinite(Mean[c]) || !float.IsFinite(Std[c]) || Std[c] <= 0)
                throw new InputException(
                    "preprocessing-invalid",
                    "Preprocessing needs finite means and positive standard deviations; correct them."
                );
        }
        return this;
    }

    /// <summary>Width and height of what <see cref="Apply"/> writes for a picture of the given size.</summary>
    public (int Width, int Height) OutputSize(int width, int height) =>
        CentreCrop is { } side ? (side, side) : ResizedSize(width, height);

    /// <summary>Writes [3, H, W] float32 with H and W of <see cref="OutputSize"/>.</summary>
    /// <exception cref="InputException"><c>image-too-large</c>: so thin a picture that the resized one would pass the
    /// limit of pixels.</exception>
    /// <param name="image">Any size.</param>
    /// <param name="chw">Exactly 3 * H * W values.</param>
    public void Apply(RgbImage image, Span<float> chw)
    {
        var (rw, rh) = ResizedSize(image.Width, image.Height);
        image = ImageResize.Resize(image, rw, rh);
        var (width, height) = OutputSize(image.Width, image.Height);
        if (chw.Length != width * height * RgbImage.Channels)
            throw new ArgumentException(
                $"Expected room for 3 x {height} x {width} values, got {chw.Length}.",
                nameof(chw)
            );

        int left = Offset(image.Width, width),
            top = Offset(image.Height, height);
        for (var c = 0; c < RgbImage.Channels; c++)
        {
            float mean = Mean[c],
                std = Std[c],
                outside = -mean / std;
            var plane = chw.Slice(c * width * height, width * height);
            for (var y = 0; y < height; y++)
            {
                var sy = y + top;
                for (var x = 0; x < width; x++)
                {
                    var sx = x + left;
                    var inside = (uint)sx < (uint)image.Width && (uint)sy < (uint)image.Height;
                    plane[y * width + x] = inside
                        ? (image.Rgb[(sy * image.Width + sx) * RgbImage.Channels + c] / 255f - mean) / std
                        : outside;
                }
            }
        }
    }

    private (int Width, int Height) ResizedSize(int width, int height)
    {
        if (ResizeShortSide is not { } side)
            return (width, height);
        var longSide = (long)((double)((long)side * Math.Max(width, height)) / Math.Min(width, height));
        if (longSide * side > ImageLimits.Default.MaxPixels)
            throw new InputException(
                "image-too-large",
                $"The image of {width} x {height} pixels is too long and thin to resize to {side}; crop it."
            );
        return width <= height ? (side, (int)longSide) : ((int)longSide, side);
    }

    /// <summary>
    /// First source position of the crop: torchvision rounds half to even, and pads the smaller half first.
    /// </summary>
    private static int Offset(int source, int crop) =>
        crop > source ? -((crop - source) / 2) : (int)Math.Round((source - crop) / 2.0, MidpointRounding.ToEven);

    private static ChannelValues Grey(float value) => new(value, value, value);
}
