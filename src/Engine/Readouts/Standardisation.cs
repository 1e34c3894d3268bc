namespace ComodCluster.Engine.Readouts;

/// <summary>What makes features about 0 and of deviation 1. It uses no labels.</summary>
/// <param name="Mean">[D]</param>
/// <param name="Factor">[D]: one over about the standard deviation.</param>
internal sealed record Standardisation(double[] Mean, double[] Factor)
{
    // What a standard deviation is raised by, as a share of the place's typical one.
    private const double Floor = 1e-3;

    /// <param name="count">Images.</param>
    /// <param name="width">D.</param>
    public static Standardisation Of(int count, int width, FeatureReader read)
    {
        double[] mean = new double[width],
            factor = new double[width];
        var features = new float[width];
        for (var i = 0; i < count; i++)
        {
            read(i, features);
            for (var j = 0; j < width; j++)
                mean[j] += features[j];
        }
        for (var j = 0; j < width; j++)
            mean[j] /= count;
        for (var i = 0; i < count; i++)
        {
            read(i, features);
            for (var j = 0; j < width; j++)
            {
                var off = features[j] - mean[j];
                factor[j] += off * off;
            }
        }
        var typical = Math.Sqrt(factor.Sum() / count / width);
        for (var j = 0; j < width; j++)
            factor[j] = typical == 0 ? 0 : 1 / (Math.Sqrt(factor[j] / count) + Floor * typical);
        return new(mean, factor);
    }
}
