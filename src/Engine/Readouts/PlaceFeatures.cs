namespace ComodCluster.Engine.Readouts;

/// <summary>
/// Features of images at a place, and what standardises them: mean and standard deviation over all of the images, which
/// use no labels.
/// </summary>
internal sealed class PlaceFeatures
{
    // What a standard deviation is raised by, as a share of the place's typical one.
    private const double Floor = 1e-3;

    private readonly float[] _values; // [n, D]

    /// <param name="values">[n, D]</param>
    public PlaceFeatures(float[] values, int width)
    {
        (_values, Width, Count) = (values, width, values.Length / width);
        Mean = new double[width];
        Factor = new double[width];
        for (var i = 0; i < Count; i++)
        for (var j = 0; j < width; j++)
            Mean[j] += values[i * width + j];
        for (var j = 0; j < width; j++)
            Mean[j] /= Count;
        for (var i = 0; i < Count; i++)
        for (var j = 0; j < width; j++)
        {
            var off = values[i * width + j] - Mean[j];
            Factor[j] += off * off;
        }
        var typical = Math.Sqrt(Factor.Sum() / Count / width);
        for (var j = 0; j < width; j++)
            Factor[j] = typical == 0 ? 0 : 1 / (Math.Sqrt(Factor[j] / Count) + Floor * typical);
    }

    /// <summary>n.</summary>
    public int Count { get; }

    /// <summary>D.</summary>
    public int Width { get; }

    /// <summary>[D]</summary>
    public double[] Mean { get; }

    /// <summary>[D]: one over about the standard deviation.</summary>
    public double[] Factor { get; }

    /// <summary>As they come, [D].</summary>
    public ReadOnlySpan<float> Of(int image) => _values.AsSpan(image * Width, Width);

    /// <summary>A readout of these images, of any kind.</summary>
    /// <param name="images">Which of them.</param>
    /// <param name="targets">Of those, in their order.</param>
    public LinearReadout Fit(ReadoutKind kind, int[] images, ReadoutTargets targets)
    {
        var features = Standardised(images);
        var (weight, bias) = (kind, targets.Exclusive) switch
        {
            (ReadoutKind.Lda, true) => Discriminant.OfClasses(features, Width, targets),
            (ReadoutKind.Lda, false) => Discriminant.OfAttributes(features, Width, targets),
            (ReadoutKind.Ridge, true) => LeastSquares.OfClasses(features, Width, targets),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No kind for these targets."),
        };
        for (var k = 0; k < bias.Length; k++)
        for (var j = 0; j < Width; j++)
            weight[k * Width + j] *= Factor[j];
        var fitted = new LinearReadout(weight, bias, Mean);
        return targets.Exclusive ? fitted.Centred() : fitted;
    }

    private double[] Standardised(int[] images)
    {
        var features = new double[images.Length * Width];
        for (var i = 0; i < images.Length; i++)
        {
            var from = Of(images[i]);
            var to = features.AsSpan(i * Width, Width);
            for (var j = 0; j < Width; j++)
                to[j] = (from[j] - Mean[j]) * Factor[j];
        }
        return features;
    }
}
