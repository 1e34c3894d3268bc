namespace ComodCluster.Engine.Readouts;

/// <summary>Features of images at a place.</summary>
/// <param name="width">D.</param>
/// <param name="scale">By which kinds of readouts see them.</param>
internal sealed class PlaceFeatures(int width, FeatureReader read, Standardisation scale)
{
    /// <summary>D.</summary>
    public int Width => width;

    public Standardisation Scale => scale;

    /// <summary>As they come.</summary>
    public FeatureReader Read => read;

    /// <summary>A readout of these images.</summary>
    /// <param name="images">Which of them.</param>
    /// <param name="targets">Of those, in their order.</param>
    public LinearReadout Fit(ReadoutKind kind, int[] images, ReadoutTargets targets, CancellationToken cancel)
    {
        var rows = new TrainingRows(this, images, targets, cancel);
        var (weight, bias) = (kind, targets.Exclusive) switch
        {
            (ReadoutKind.Lda, true) => Discriminant.OfClasses(rows),
            (ReadoutKind.Lda, false) => Discriminant.OfAttributes(rows),
            (ReadoutKind.Ridge, true) => LeastSquares.OfClasses(rows),
            (ReadoutKind.Logistic, true) => SoftmaxRegression.OfClasses(rows),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No kind for these targets."),
        };
        for (var k = 0; k < bias.Length; k++)
        for (var j = 0; j < width; j++)
            weight[k * width + j] *= scale.Factor[j];
        var fitted = new LinearReadout(weight, bias, scale.Mean);
        return targets.Exclusive ? fitted.Centred() : fitted;
    }
}
