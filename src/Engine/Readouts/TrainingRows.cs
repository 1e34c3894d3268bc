using ComodCluster.Engine.LinearAlgebra;

namespace ComodCluster.Engine.Readouts;

/// <summary>Standardised features of the images that a readout is fitted to; they are read twice.</summary>
internal sealed class TrainingRows
{
    private readonly PlaceFeatures _features;
    private readonly int[] _images;
    private readonly float[] _read;
    private readonly CancellationToken _cancel;

    /// <param name="images">Which of the place's.</param>
    /// <param name="targets">Of those, in their order.</param>
    public TrainingRows(PlaceFeatures features, int[] images, ReadoutTargets targets, CancellationToken cancel)
    {
        (_features, _images, Targets, _cancel) = (features, images, targets, cancel);
        _read = new float[Width];
        Ones = targets.Ones();
        Mean = new double[Width];
        Means = new double[targets.Outputs * Width];
        var row = new double[Width];
        for (var i = 0; i < Count; i++)
        {
            Read(i, row);
            Products.AddScaled(1.0 / Count, row, Mean);
            for (var k = 0; k < targets.Outputs; k++)
                if (targets.Is(i, k))
                    Products.AddScaled(1.0 / Ones[k], row, MeanOf(k));
        }
    }

    /// <summary>n.</summary>
    public int Count => _images.Length;

    /// <summary>D.</summary>
    public int Width => _features.Width;

    public ReadoutTargets Targets { get; }

    /// <summary>[K]: images for which each output is right.</summary>
    public int[] Ones { get; }

    /// <summary>[D], of all.</summary>
    public double[] Mean { get; }

    /// <summary>[K, D], of the images for which each output is right; 0 where there is none.</summary>
    public double[] Means { get; }

    public Span<double> MeanOf(int output) => Means.AsSpan(output * Width, Width);

    /// <param name="keep">As in <see cref="CentredRows"/>.</param>
    public CentredRows AboutMean(bool keep = false) =>
        new(
            Count,
            Width,
            (i, row) =>
            {
                Read(i, row);
                Products.AddScaled(-1, Mean, row);
            },
            keep
        );

    public CentredRows AboutClassMeans() =>
        new(
            Count,
            Width,
            (i, row) =>
            {
                Read(i, row);
                Products.AddScaled(-1, MeanOf(Targets.ClassOf(i)), row);
            }
        );

    private void Read(int image, Span<double> row)
    {
        _cancel.ThrowIfCancellationRequested();
        _features.Read(_images[image], _read);
        var (mean, factor) = (_features.Scale.Mean, _features.Scale.Factor);
        for (var j = 0; j < row.Length; j++)
            row[j] = (_read[j] - mean[j]) * factor[j];
    }
}
