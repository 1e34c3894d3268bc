using System.Collections.Frozen;

namespace ComodCluster.Engine.Tasks;

/// <summary>
/// What a method is: all that the engine knows of it, and its default rates. Lanes, batches and serving ask this table,
/// never the method's name.
/// </summary>
/// <param name="Trains">What it trains inside the network.</param>
/// <param name="Gain">Where the gain of the decoder layer comes from.</param>
/// <param name="LearningRate">Adam's, of what is trained inside the network and of a gain that is trained.</param>
/// <param name="Penalty">Weight of the squares of what is trained inside the network.</param>
public sealed record MethodTraits(NetworkPart Trains, GainSource Gain, double LearningRate, double Penalty)
{
    // Rates are those that images-tuning found best for each on tasks that nothing is reported of
    // (docs/decisions/0014-defaults.md).
    private const double Couplings = 0.1;

    private static readonly FrozenDictionary<Method, MethodTraits> All = new Dictionary<Method, MethodTraits>
    {
        [Method.Readout] = new(NetworkPart.None, GainSource.One, Couplings, 1e-3)
        {
            ReadoutRate = 1e-3,
            Candidate = 0,
            ClosedForm = true,
        },
        [Method.Gain] = new(NetworkPart.Couplings, GainSource.One, Couplings, 1e-3) { Candidate = 1 },
        [Method.Comodulation] = new(NetworkPart.Couplings, GainSource.Covariance, Couplings, 1e-3) { Candidate = 3 },
        [Method.Shuffled] = new(NetworkPart.Couplings, GainSource.Covariance, Couplings, 1e-3) { Permuted = true },
        [Method.Rate] = new(NetworkPart.Couplings, GainSource.Rate, Couplings, 1e-3),
        [Method.Difference] = new(NetworkPart.Couplings, GainSource.Difference, Couplings, 1e-3) { Candidate = 2 },
        [Method.TrainedG] = new(NetworkPart.Couplings, GainSource.Gradient, Couplings, 1e-3),
        [Method.Film] = new(NetworkPart.StageAffine, GainSource.One, 1e-3, 1e-3),
        [Method.BnAffine] = new(NetworkPart.NormAffine, GainSource.One, 3e-3, 1e-3),
        [Method.Lora] = new(NetworkPart.LowRank, GainSource.One, 3e-4, 0),
        [Method.Full] = new(NetworkPart.Weights, GainSource.One, 3e-5, 0),
        [Method.ReadoutPenultimate] = new(NetworkPart.None, GainSource.One, Couplings, 1e-3) { ReadoutRate = 1e-3 },
    }.ToFrozenDictionary();

    /// <summary>What is chosen from for a task, the simplest first.</summary>
    public static IReadOnlyList<Method> Candidates { get; } =
    [.. All.Where(a => a.Value.Candidate is not null).OrderBy(a => a.Value.Candidate).Select(a => a.Key)];

    /// <summary>
    /// Place among <see cref="Candidates"/>; null: it is none of them. Those with couplings share batches and the
    /// activations at the cut.
    /// </summary>
    public int? Candidate { get; init; }

    /// <summary>The decoder gain goes to other units, by a permutation that the seed fixes.</summary>
    public bool Permuted { get; init; }

    /// <summary>The readout of new classes is computed, at the place of the network that folds choose.</summary>
    public bool ClosedForm { get; init; }

    /// <summary>Adam's, of the readout where it is trained; null: a tenth of <see cref="LearningRate"/>.</summary>
    public double? ReadoutRate { get; init; }

    /// <summary>
    /// Whether a version can be activated. One whose state is a copy of the network is for comparison: thousands of
    /// them do not fit beside each other.
    /// </summary>
    public bool Serves => Trains != NetworkPart.Weights;

    /// <summary>The gain is computed from activities at every refresh.</summary>
    public bool RefreshesGain => Gain is GainSource.Covariance or GainSource.Rate or GainSource.Difference;

    public static MethodTraits Of(Method method) => All[method];
}
