using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Planning;

/// <summary>A task to plan for.</summary>
public sealed record PlanWork
{
    public string Tenant { get; init; } = "";

    /// <summary>Digest of a resident backbone.</summary>
    public required string BackboneDigest { get; init; }

    /// <summary>Stays open until the plan is there.</summary>
    public required DatasetPack Pack { get; init; }

    public required TaskDefinition Task { get; init; }

    /// <summary>Settings of the adaptation that is planned; its method, cut and steps are what costs are given for where the plan knows nothing better.</summary>
    public TaskSettings Settings { get; init; } = new();

    /// <summary>Training images that are looked at, drawn stratified by the settings' seed: 16 to 512.</summary>
    public int Images { get; init; } = MostImages;

    /// <summary>By how much the noise may raise the expected held-out loss, as a share of the loss without couplings.</summary>
    public double LossBound { get; init; } = 0.01;

    public const int MostImages = 512;
}

/// <summary>What is known of a task before any adaptation.</summary>
public sealed record TaskPlan
{
    /// <summary>The score that ranks the cuts, by its name.</summary>
    public const string RankedBy = "measured";

    /// <summary>Training images of the task; at most the settings' examples.</summary>
    public required int Examples { get; init; }

    /// <summary>Training images that were looked at.</summary>
    public required int Images { get; init; }

    /// <summary>How many of the images gradients and steps were computed on.</summary>
    public required int StepImages { get; init; }

    /// <summary>Share of the images that the backbone's own head, as it is, gets right; null for a task with a readout of its own.</summary>
    public required Interval? HeadAccuracy { get; init; }

    /// <summary>Accuracy of always answering the most frequent class; with attributes the mean over them.</summary>
    public required double ChanceAccuracy { get; init; }

    /// <summary>From the input on.</summary>
    public required IReadOnlyList<CutPlan> Cuts { get; init; }

    public required SigmaPlan Sigma { get; init; }

    public required CurvePlan Curve { get; init; }

    public required IReadOnlyList<CostPlan> Costs { get; init; }

    public required Recommendation Recommendation { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Device-seconds that the plan itself took.</summary>
    public required double DeviceSeconds { get; init; }
}

/// <summary>Scores of a cut. Those of features are of its activations, averaged over their positions; at the last cut these are the penultimate features.</summary>
public sealed record CutPlan
{
    public required Cut Cut { get; init; }

    /// <summary>1 is the recommended cut: the default one unless another promises more for certain. The others follow by what was measured.</summary>
    public required int Rank { get; init; }

    /// <summary>See <see cref="Planning.LogMe"/>.</summary>
    public required double LogMe { get; init; }

    /// <summary>See <see cref="Planning.HScore"/>.</summary>
    public required double HScore { get; init; }

    /// <summary>Cross-validated accuracy of a logistic regression.</summary>
    public required Interval Probe { get; init; }

    /// <summary>Decrease of the held-out loss that one cross-validated Gauss-Newton step of the couplings promises by its quadratic model, nats; from one forward and one backward pass.</summary>
    public required Interval Promised { get; init; }

    /// <summary>Decrease of the held-out loss that the same step was measured to bring, nats.</summary>
    public required Interval Measured { get; init; }

    /// <summary>Held-out accuracy after that step, and the change by it, over the same images.</summary>
    public required Interval Accuracy { get; init; }
    public required Interval Gained { get; init; }

    /// <summary>Bytes of one image's prefix activations.</summary>
    public required int PrefixBytes { get; init; }
}

/// <summary>Which amplitudes are safe.</summary>
public sealed record SigmaPlan
{
    public required Cut Cut { get; init; }

    /// <summary>By how much the noise may raise the expected held-out loss, as a share of the loss without couplings.</summary>
    public required double Bound { get; init; }

    /// <summary>Largest sigma within the bound.</summary>
    public required double Safe { get; init; }

    /// <summary>False where even the largest amplitude that was tried stays within the bound.</summary>
    public required bool Limited { get; init; }

    /// <summary>Share of the variance of the decoder's features that the modulator explains at <see cref="Safe"/>.</summary>
    public required double Explained { get; init; }

    /// <summary>Largest |coupling| of the probe step that the noise acted through.</summary>
    public required double LargestCoupling { get; init; }

    public required IReadOnlyList<SigmaPoint> Points { get; init; }
}

/// <param name="Loss">Expected held-out loss with the noise on, nats.</param>
/// <param name="Raised">By how much it is above the loss without noise, as a share of the loss without couplings.</param>
/// <param name="Explained">Share of the features' variance that the modulator explains.</param>
public sealed record SigmaPoint(double Sigma, double Loss, double Raised, double Explained);

/// <summary>Learning curve of a readout that is fitted to unmodulated features.</summary>
/// <param name="Sizes">That were tried.</param>
/// <param name="Exponent">Exponent of the error over the examples; null where only one size could be tried.</param>
/// <param name="Expected">At the task's examples.</param>
/// <param name="Doubled">At twice as many.</param>
public sealed record CurvePlan(IReadOnlyList<CurveSize> Sizes, double? Exponent, Interval Expected, Interval Doubled);

/// <summary>The ways whose costs are told.</summary>
public enum PlannedMethod
{
    Readout,
    Comodulation,

    /// <summary>All weights of the network.</summary>
    Full,
}

/// <summary>What a method costs and returns.</summary>
public sealed record CostPlan
{
    public required PlannedMethod Method { get; init; }

    /// <summary>Device-seconds of the job alone; in company, lanes share batches.</summary>
    public required double DeviceSeconds { get; init; }

    /// <summary>Bytes of its prefix activations.</summary>
    public required long PrefixBytes { get; init; }

    /// <summary>Images whose activations are in no cache yet.</summary>
    public required int PrefixMissing { get; init; }

    public required long StateBytes { get; init; }
    public required long TrainedParameters { get; init; }

    /// <summary>What is known of its accuracy before it runs; null: nothing.</summary>
    public required Interval? Accuracy { get; init; }

    /// <summary>Where <see cref="Accuracy"/> comes from, or why there is none.</summary>
    public required string Basis { get; init; }

    /// <summary>Points of accuracy above the start (the head as it is, or chance) per device-second; null where the accuracy is not known.</summary>
    public required double? PointsPerSecond { get; init; }
}

/// <summary>What to do.</summary>
/// <param name="Method">Readout or comodulation.</param>
/// <param name="Cut">Encoder layer, also where only a readout is recommended: where couplings would do most.</param>
/// <param name="Reasons">A sentence each.</param>
public sealed record Recommendation(Method Method, Cut Cut, double Sigma, int Steps, IReadOnlyList<string> Reasons);
