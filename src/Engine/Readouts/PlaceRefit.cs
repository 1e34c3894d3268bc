namespace ComodCluster.Engine.Readouts;

/// <summary>
/// A readout whose place and kind are chosen already, fitted anew to features that gains have changed, and asked by the
/// folds that chose it.
/// </summary>
internal sealed class PlaceRefit
{
    private const double LeastPrior = 0.02; // of a feature's weights, against a mean of 1

    private readonly ReadoutFit _frozen;
    private readonly ReadoutTargets _targets;
    private readonly FoldPlan _plan;
    private readonly FoldTest _test;

    /// <param name="frozen">Chosen with the same targets and seed, by folds of all of them.</param>
    public PlaceRefit(ReadoutFit frozen, ReadoutTargets targets, int seed)
    {
        (_frozen, _targets) = (frozen, targets);
        _plan = FoldPlan.Of(targets, seed);
        _test = new FoldTest(_plan, targets, targets.Priors());
    }

    /// <summary>Whether the folds may compare.</summary>
    public bool Tells => _plan.Tells;

    /// <inheritdoc cref="FoldTest.Trained"/>
    public IEnumerable<int[]> Trained => _test.Trained;

    /// <summary>
    /// Features under gains as kinds of readouts see them: in units of the frozen network's, so that a gain is a
    /// feature's prior as well, and with the decoder gain as prior variance.
    /// </summary>
    /// <param name="modulated">[n, D]</param>
    /// <param name="frozen">Of the same images in the frozen network.</param>
    /// <param name="gain">Decoder gain, [D], mean 1.</param>
    public static PlaceFeatures Features(float[] modulated, Standardisation frozen, float[] gain)
    {
        var width = gain.Length;
        FeatureReader read = (image, features) => modulated.AsSpan(image * width, width).CopyTo(features);
        var factor = frozen.Factor.Zip(gain, (f, g) => f * Math.Sqrt(Math.Max(g, LeastPrior)));
        return new(
            width,
            read,
            new Standardisation(Standardisation.Of(modulated.Length / width, width, read).Mean, [.. factor])
        );
    }

    /// <param name="byFold">Of all images, as each fold's gains have made them.</param>
    public FoldResult Ask(IReadOnlyList<PlaceFeatures> byFold, CancellationToken cancel) =>
        _test.Ask(k => byFold[k], _frozen.Place, _frozen.Stored.Precision, _frozen.Kind, cancel);

    /// <summary>Calibrated logits [K] of the images that the folds held out.</summary>
    public IEnumerable<(int Image, float[] Logits)> Answers(FoldResult result) =>
        _test.HeldOut.Zip(result.Calibration.Logits(result.Scores).Chunk(_targets.Outputs));

    /// <param name="features">Of all images.</param>
    /// <param name="result">Calibrates.</param>
    public StoredReadout Fit(PlaceFeatures features, FoldResult result, CancellationToken cancel) =>
        StoredReadout.Of(
            features
                .Fit(_frozen.Kind, [.. Enumerable.Range(0, _targets.Count)], _targets, cancel)
                .Calibrated(result.Calibration),
            _frozen.Place,
            _frozen.Kind,
            _frozen.Stored.Precision
        );
}
