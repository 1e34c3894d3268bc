namespace ComodCluster.Engine.Trials;

/// <summary>How a readout did on images that it was not fitted to.</summary>
/// <param name="Losses">Negative log-likelihood of each image, nats.</param>
/// <param name="Right">Images that are right; of attributes the sum of the images' shares.</param>
internal sealed record Scores(double[] Losses, double Right)
{
    public double Loss => Losses.Average();

    public double Accuracy => Right / Losses.Length;

    public static Scores Of(IEnumerable<Scores> folds) =>
        folds.Aggregate(new Scores([], 0), (all, fold) => new([.. all.Losses, .. fold.Losses], all.Right + fold.Right));

    public HeldOut HeldOut(int folds) => new(folds, Losses, Accuracy);
}
