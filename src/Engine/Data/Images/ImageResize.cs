namespace ComodCluster.Engine.Data.Images;

/// <summary>
/// Bilinear resizing with antialiasing: the triangle filter of PIL's <c>Image.resize(..., BILINEAR)</c>, bit for bit
/// (libImaging/Resample.c: 22-bit fixed-point weights, rows first, each pass rounded to 8 bits).
/// </summary>
public static class ImageResize
{
    private const int Precision = 32 - 8 - 2;

    /// <summary>
    /// An image of exactly <paramref name="width"/> x <paramref name="height"/>; the same object if it already is.
    /// </summary>
    public static RgbImage Resize(RgbImage image, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (width != image.Width)
            image = AlongRows(image, width);
        return height == image.Height ? image : AlongColumns(image, height);
    }

    private static RgbImage AlongRows(RgbImage image, int width)
    {
        var filter = Triangle.Between(image.Width, width);
        var source = image.Rgb;
        var target = GC.AllocateUninitializedArray<byte>(width * image.Height * RgbImage.Channels);
        for (var y = 0; y < image.Height; y++)
        {
            var row = y * image.Width * RgbImage.Channels;
            for (var x = 0; x < width; x++)
            {
                var weights = filter.Weights(x);
                var from = row + filter.First[x] * RgbImage.Channels;
                int r = 1 << (Precision - 1),
                    g = r,
                    b = r;
                foreach (var weight in weights)
                {
                    r += source[from] * weight;
                    g += source[from + 1] * weight;
                    b += source[from + 2] * weight;
                    from += RgbImage.Channels;
                }
                var to = (y * width + x) * RgbImage.Channels;
                target[to] = ToByte(r);
                target[to + 1] = ToByte(g);
                target[to + 2] = ToByte(b);
            }
        }
        return new RgbImage(width, image.Height, target);
    }

    private static RgbImage AlongColumns(RgbImage image, int height)
    {
        var filter = Triangle.Between(image.Height, height);
        var stride = image.Width * RgbImage.Channels;
        var target = GC.AllocateUninitializedArray<byte>(stride * height);
        var sums = new int[stride];
        for (var y = 0; y < height; y++)
        {
            Array.Fill(sums, 1 << (Precision - 1));
            var from = filter.First[y] * stride;
            foreach (var weight in filter.Weights(y))
            {
                var row = image.Rgb.AsSpan(from, stride);
                for (var i = 0; i < stride; i++)
                    sums[i] += row[i] * weight;
                from += stride;
            }
            for (var i = 0; i < stride; i++)
                target[y * stride + i] = ToByte(sums[i]);
        }
        return new RgbImage(image.Width, height, target);
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> Precision, 0, 255);

    /// <summary>For each output position: the first input position and the fixed-point weights from there on.</summary>
    private sealed record Triangle(int[] First, int[] Count, int[] All, int Stride)
    {
        public ReadOnlySpan<int> Weights(int output) => All.AsSpan(output * Stride, Count[output]);

        public static Triangle Between(int input, int output)
        {
            var scale = (double)input / output;
            var support = Math.Max(scale, 1.0); // half the width of the triangle, in input pixels
            var stride = (int)Math.Ceiling(support) * 2 + 1;
            var filter = new Triangle(new int[output], new int[output], new int[output * stride], stride);
            var weights = new double[stride];
            for (var o = 0; o < output; o++)
            {
                var centre = (o + 0.5) * scale;
                var first = Math.Max((int)(centre - support + 0.5), 0);
                var count = Math.Min((int)(centre + support + 0.5), input) - first;
                var total = 0.0;
                for (var i = 0; i < count; i++)
                {
                    weights[i] = Math.Max(0.0, 1.0 - Math.Abs((i + first - centre + 0.5) * (1.0 / support)));
                    total += weights[i];
                }
                for (var i = 0; i < count; i++)
                    filter.All[o * stride + i] = (int)(0.5 + weights[i] / total * (1 << Precision));
                (filter.First[o], filter.Count[o]) = (first, count);
            }
            return filter;
        }
    }
}
