using System.Text.Json.Serialization;
using ComodCluster.Contracts.Tasks;

namespace ComodCluster.Contracts.Planning;

/// <summary>A task to plan for; nothing is registered.</summary>
[GenerateSerializer, Alias("comod.PlanRequest")]
public sealed record PlanRequest
{
    [Id(0)] public required string Backbone { get; init; }
    [Id(1)] public required string Dataset { get; init; }

    /// <summary>Classes (or attributes) that the task decides between; null: all of the data set.</summary>
    [Id(2)] public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Null: head where the backbone knows all classes, else own.</summary>
    [Id(3)] public ReadoutMode? Readout { get; init; }

    /// <summary>Settings of the adaptation that is planned. The plan proposes the cut and checks sigma; examples, steps, batch, granularity and gate are taken from here. What is planned modulates one layer: further ones are left out.</summary>
    [Id(4)] public MethodOptions? Options { get; init; }

    /// <summary>Draws the images that are looked at, and their folds [0].</summary>
    [Id(5)] public int? Seed { get; init; }

    /// <summary>Training images that are looked at, at most, 16 to 512 [512].</summary>
    [Id(6)] public int? Images { get; init; }

    /// <summary>By how much the noise may raise the expected held-out loss, as a share of the loss without couplings, above 0 and at most 1 [0.01].</summary>
    [Id(7)] public double? LossBound { get; init; }
}

/// <summary>A number with the interval that holds it with about 95 %.</summary>
[GenerateSerializer, Alias("comod.PlanInterval")]
public sealed record PlanInterval([property: Id(0)] double Value, [property: Id(1)] double Low, [property: Id(2)] double High);

/// <summary>What is known of a task before any adaptation. Accuracies are shares of images that the readout or the step in question has not seen.</summary>
[GenerateSerializer, Alias("comod.PlanReport")]
public sealed record PlanReport
{
    [Id(0)] public required string Backbone { get; init; }
    [Id(1)] public required string Dataset { get; init; }
    [Id(2)] public required IReadOnlyList<string> Classes { get; init; }
    [Id(3)] public required ReadoutMode Readout { get; init; }

    /// <summary>Training images of the task, at most the options' examples.</summary>
    [Id(4)] public required int Examples { get; init; }

    /// <summary>Of these, how many were looked at.</summary>
    [Id(5)] public required int Images { get; init; }

    /// <summary>Of these, how many gradients and steps were computed on.</summary>
    [Id(6)] public required int StepImages { get; init; }

    /// <summary>What the backbone's own head gets right, as it is; null for a readout of the task's own.</summary>
    [Id(7)] public PlanInterval? HeadAccuracy { get; init; }

    /// <summary>What always naming the most frequent class gets right.</summary>
    [Id(8)] public required double ChanceAccuracy { get; init; }

    /// <summary>Candidate cuts from the input on, with the scores of each in its own members.</summary>
    [Id(9)] public required IReadOnlyList<PlanCut> Cuts { get; init; }

    /// <summary>The score that ranks the cuts.</summary>
    [Id(10)] public required string RankedBy { get; init; }
    [Id(11)] public required PlanSigma Sigma { get; init; }
    [Id(12)] public required PlanCurve Curve { get; init; }
    [Id(13)] public required IReadOnlyList<PlanCost> Costs { get; init; }
    [Id(14)] public required PlanRecommendation Recommendation { get; init; }

    /// <summary>A sentence each.</summary>
    [Id(15)] public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Device-seconds that the plan itself took.</summary>
    [Id(16)] public required double DeviceSeconds { get; init; }
    [Id(17)] public required string Device { get; init; }

    /// <summary>Precision, batch rows and threads.</summary>
    [Id(18)] public required string Profile { get; init; }
    [Id(19)] public required int Seed { get; init; }
}

/// <summary>A candidate for the encoder layer.</summary>
[GenerateSerializer, Alias("comod.PlanCut")]
public sealed record PlanCut
{
    [Id(0)] public required string Cut { get; init; }

    /// <summary>1 is the recommended cut: the usual one unless another promises more for certain. The others follow by what was measured.</summary>
    [Id(1)] public required int Rank { get; init; }

    /// <summary>Log evidence of a linear model of the labels on the features, nats per image: LogME. The features of a cut are its activations averaged over positions; at the last cut these are the penultimate features.</summary>
    [Id(2)] public required double LogMe { get; init; }

    /// <summary>Between-class over total variance of the features, with a shrunk covariance; 0 to classes - 1.</summary>
    [Id(3)] public required double HScore { get; init; }

    /// <summary>Cross-validated accuracy of a logistic regression on the features.</summary>
    [Id(4)] public required PlanInterval Probe { get; init; }

    /// <summary>Fall of the held-out loss that one step of couplings promises, by its gradients and a quadratic model, nats.</summary>
    [Id(5)] public required PlanInterval Promised { get; init; }

    /// <summary>Fall of the held-out loss that this step was measured to bring, nats.</summary>
    [Id(6)] public required PlanInterval Measured { get; init; }

    /// <summary>Held-out accuracy after the step.</summary>
    [Id(7)] public required PlanInterval Accuracy { get; init; }

    /// <summary>Change of the held-out accuracy by the step.</summary>
    [Id(8)] public required PlanInterval Gained { get; init; }

    /// <summary>Bytes of one image's prefix activations.</summary>
    [Id(9)] public required int PrefixBytes { get; init; }
}

/// <summary>Which amplitudes of the modulator are safe at the best cut, for the couplings of one step there.</summary>
[GenerateSerializer, Alias("comod.PlanSigma")]
public sealed record PlanSigma
{
    [Id(0)] public required string Cut { get; init; }

    /// <summary>By how much the noise may raise the expected held-out loss, as a share of the loss without couplings.</summary>
    [Id(1)] public required double Bound { get; init; }

    /// <summary>Largest sigma within the bound.</summary>
    [Id(2)] public required double Safe { get; init; }

    /// <summary>False where even the largest amplitude that was tried stays within the bound.</summary>
    [Id(3)] public required bool Limited { get; init; }

    /// <summary>Share of the variance of the decoder's features that the modulator explains at the safe sigma.</summary>
    [Id(4)] public required double Explained { get; init; }

    /// <summary>Largest coupling of the step, in absolute value.</summary>
    [Id(5)] public required double LargestCoupling { get; init; }
    [Id(6)] public required IReadOnlyList<PlanSigmaPoint> Points { get; init; }
}

/// <summary>Expected held-out loss with the noise on, by how much the noise raises it (as a share of the loss without couplings), and the share of the features' variance that the modulator explains.</summary>
[GenerateSerializer, Alias("comod.PlanSigmaPoint")]
public sealed record PlanSigmaPoint([property: Id(0)] double Sigma, [property: Id(1)] double Loss, [property: Id(2)] double Raised, [property: Id(3)] double Explained);

/// <summary>Learning curve of a readout that is fitted to the frozen penultimate features.</summary>
[GenerateSerializer, Alias("comod.PlanCurve")]
public sealed record PlanCurve
{
    [Id(0)] public required IReadOnlyList<PlanCurvePoint> Points { get; init; }

    /// <summary>Of the error over the number of examples, at most 0; null where only one size could be tried.</summary>
    [Id(1)] public double? Exponent { get; init; }

    /// <summary>Accuracy to be expected at the task's examples.</summary>
    [Id(2)] public required PlanInterval Expected { get; init; }

    /// <summary>At twice as many.</summary>
    [Id(3)] public required PlanInterval Doubled { get; init; }
}

[GenerateSerializer, Alias("comod.PlanCurvePoint")]
public sealed record PlanCurvePoint([property: Id(0)] int Examples, [property: Id(1)] PlanInterval Accuracy);

[JsonConverter(typeof(JsonStringEnumConverter<PlanMethod>))]
[GenerateSerializer, Alias("comod.PlanMethod")]
public enum PlanMethod
{
    [JsonStringEnumMemberName("readout")] Readout,
    [JsonStringEnumMemberName("comodulation")] Comodulation,

    /// <summary>All weights of the network, for comparison.</summary>
    [JsonStringEnumMemberName("full")] Full,
}

/// <summary>What a method costs and returns.</summary>
[GenerateSerializer, Alias("comod.PlanCost")]
public sealed record PlanCost
{
    [Id(0)] public required PlanMethod Method { get; init; }

    /// <summary>Estimate for the job alone on this device, from what the plan measured and counts of operations.</summary>
    [Id(1)] public required double DeviceSeconds { get; init; }
    [Id(2)] public required long PrefixBytes { get; init; }

    /// <summary>Images whose prefix activations are in no cache yet.</summary>
    [Id(3)] public required int PrefixMissing { get; init; }
    [Id(4)] public required long StateBytes { get; init; }
    [Id(5)] public required long TrainedParameters { get; init; }

    /// <summary>What is known of its accuracy before it runs; null: nothing.</summary>
    [Id(6)] public PlanInterval? Accuracy { get; init; }

    /// <summary>Where the accuracy comes from, or why there is none.</summary>
    [Id(7)] public required string Basis { get; init; }

    /// <summary>Points of accuracy above the head as it is (or chance, for a readout of the task's own) per device-second.</summary>
    [Id(8)] public double? PointsPerSecond { get; init; }
}

[GenerateSerializer, Alias("comod.PlanRecommendation")]
public sealed record PlanRecommendation
{
    [Id(0)] public required Method Method { get; init; }
    [Id(1)] public required string Cut { get; init; }
    [Id(2)] public required double Sigma { get; init; }
    [Id(3)] public required int Steps { get; init; }

    /// <summary>A sentence each.</summary>
    [Id(4)] public required IReadOnlyList<string> Reasons { get; init; }
}
