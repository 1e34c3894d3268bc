using System.Text.Json.Serialization;

namespace ComodCluster.Contracts.Tasks;

/// <summary>Arm of a comparison (docs/method.md#methods).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Method>))]
[GenerateSerializer, Alias("comod.Method")]
public enum Method
{
    /// <summary>Only the readout is trained, on unmodulated features.</summary>
    [JsonStringEnumMemberName("readout")] Readout,

    /// <summary>Deterministic gain ("attention"): couplings without noise, decoder gain 1.</summary>
    [JsonStringEnumMemberName("gain")] Gain,

    /// <summary>Stochastic comodulation.</summary>
    [JsonStringEnumMemberName("comodulation")] Comodulation,

    /// <summary>Control: comodulation whose decoder gain goes to other units, by a permutation that the seed fixes.</summary>
    [JsonStringEnumMemberName("shuffled")] Shuffled,

    /// <summary>Control: the decoder gain is the mean activity, without noise.</summary>
    [JsonStringEnumMemberName("rate")] Rate,

    /// <summary>Control, and a choice of its own: the decoder gain is what the gains add to the mean activity, without noise.</summary>
    [JsonStringEnumMemberName("difference")] Difference,

    /// <summary>Control: the decoder gain is trained by gradient.</summary>
    [JsonStringEnumMemberName("trained-g")] TrainedG,

    /// <summary>Baseline: scale and shift of each channel after every stage.</summary>
    [JsonStringEnumMemberName("film")] Film,

    /// <summary>Baseline: scale and shift of every batch norm.</summary>
    [JsonStringEnumMemberName("bn-affine")] BnAffine,

    /// <summary>Baseline: low-rank changes of the convolutions' kernels.</summary>
    [JsonStringEnumMemberName("lora")] Lora,

    /// <summary>Baseline: all weights. Its versions are for comparison and are never activated.</summary>
    [JsonStringEnumMemberName("full")] Full,

    /// <summary>Of a request, alone in it: readout, gain, difference and comodulation are compared on held-out images, and the chosen one makes the version, which says why.</summary>
    [JsonStringEnumMemberName("auto")] Auto,
}

/// <summary>How a task uses its readout (docs/method.md#readouts).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReadoutMode>))]
[GenerateSerializer, Alias("comod.ReadoutMode")]
public enum ReadoutMode
{
    /// <summary>Rows of the backbone's own head, fixed: the task's classes must be classes of the backbone.</summary>
    [JsonStringEnumMemberName("head")] Head,

    /// <summary>The tenant's own classes: regression, adaptation, refit.</summary>
    [JsonStringEnumMemberName("own")] Own,
}

[JsonConverter(typeof(JsonStringEnumConverter<Granularity>))]
[GenerateSerializer, Alias("comod.Granularity")]
public enum Granularity
{
    [JsonStringEnumMemberName("channel")] Channel,
    [JsonStringEnumMemberName("spatial")] Spatial,
    [JsonStringEnumMemberName("unit")] Unit,
}

[JsonConverter(typeof(JsonStringEnumConverter<GainForm>))]
[GenerateSerializer, Alias("comod.GainForm")]
public enum GainForm
{
    /// <summary>exp(c m)</summary>
    [JsonStringEnumMemberName("exponential")] Exponential,

    /// <summary>max(0, 1 + c m)</summary>
    [JsonStringEnumMemberName("rectified")] Rectified,

    /// <summary>|1 + c m|</summary>
    [JsonStringEnumMemberName("absolute")] Absolute,
}

/// <summary>What becomes of the covariance a of a unit that goes down where the modulator goes up, before it becomes the decoder gain.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LabelForm>))]
[GenerateSerializer, Alias("comod.LabelForm")]
public enum LabelForm
{
    /// <summary>max(a, 0): the unit is not relevant.</summary>
    [JsonStringEnumMemberName("rectified")] Rectified,

    /// <summary>|a|: it is as relevant as one that goes up.</summary>
    [JsonStringEnumMemberName("absolute")] Absolute,
}

/// <summary>What has a decoder gain of its own.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GainScope>))]
[GenerateSerializer, Alias("comod.GainScope")]
public enum GainScope
{
    /// <summary>One gain, from all images.</summary>
    [JsonStringEnumMemberName("task")] Task,

    /// <summary>One gain per class, from the images of that class.</summary>
    [JsonStringEnumMemberName("class")] Class,
}

[JsonConverter(typeof(JsonStringEnumConverter<CovarianceEstimator>))]
[GenerateSerializer, Alias("comod.CovarianceEstimator")]
public enum CovarianceEstimator
{
    [JsonStringEnumMemberName("quadrature")] Quadrature,
    [JsonStringEnumMemberName("monte-carlo")] MonteCarlo,
}

[JsonConverter(typeof(JsonStringEnumConverter<GatePolicy>))]
[GenerateSerializer, Alias("comod.GatePolicy")]
public enum GatePolicy
{
    /// <summary>A version that is worse than the base by more than one standard error is kept but not activated.</summary>
    [JsonStringEnumMemberName("auto")] Auto,

    /// <summary>One stratified quarter for early stopping, no gate (the demo and docs/method.md#protocols).</summary>
    [JsonStringEnumMemberName("off")] Off,
}

/// <summary>How the readout of own classes is fitted once the couplings are trained (docs/method.md#readouts, step 3).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReadoutRefit>))]
[GenerateSerializer, Alias("comod.ReadoutRefit")]
public enum ReadoutRefit
{
    /// <summary>Plain or with the prior, whichever is better on held-out images.</summary>
    [JsonStringEnumMemberName("auto")] Auto,

    /// <summary>All units have the same prior.</summary>
    [JsonStringEnumMemberName("plain")] Plain,

    /// <summary>The decoder gain is the prior variance of a unit's weights.</summary>
    [JsonStringEnumMemberName("prior")] Prior,

    /// <summary>Not at all: the readout that was trained along with the couplings stays.</summary>
    [JsonStringEnumMemberName("none")] None,
}

[JsonConverter(typeof(JsonStringEnumConverter<Optimizer>))]
[GenerateSerializer, Alias("comod.Optimizer")]
public enum Optimizer
{
    [JsonStringEnumMemberName("adam")] Adam,

    /// <summary>Gradient descent with momentum 0.9.</summary>
    [JsonStringEnumMemberName("momentum")] Momentum,
}

/// <summary>Settings of an adaptation; null means the engine's default (in brackets).</summary>
[GenerateSerializer, Alias("comod.MethodOptions")]
public sealed record MethodOptions
{
    /// <summary>Encoder layer: <c>stem</c>, a stage (<c>layer2</c>) or a block (<c>layer2.0</c>) [where the head is given and no further layer named the end of the stage before the last, else layer2].</summary>
    [Id(0)] public string? Cut { get; init; }

    /// <summary>How gains follow the couplings [rectified where the head is given, else exponential].</summary>
    [Id(1)] public GainForm? GainForm { get; init; }

    [Id(2)] public Granularity? Granularity { get; init; }

    /// <summary>Couplings are squares and never fall below 0 [false].</summary>
    [Id(3)] public bool? NonNegative { get; init; }

    /// <summary>Side of the coarse grid of spatial couplings, in cells [12].</summary>
    [Id(4)] public int? Grid { get; init; }

    /// <summary>Mean of the modulator, not 0 [1].</summary>
    [Id(5)] public double? Mu { get; init; }

    /// <summary>Standard deviation of the modulator, above 0 [0.1].</summary>
    [Id(6)] public double? Sigma { get; init; }

    /// <summary>Correlation of the modulator between groups of channels, 0 to 1 [1].</summary>
    [Id(7)] public double? Rho { get; init; }

    /// <summary>Groups of channels that share private noise; used when rho is below 1 [8].</summary>
    [Id(8)] public int? Groups { get; init; }

    /// <summary>Bound of |c mu| [3].</summary>
    [Id(9)] public double? Cap { get; init; }

    [Id(10)] public CovarianceEstimator? Estimator { get; init; }

    /// <summary>Gauss-Hermite nodes, odd, 3 to 9 [3].</summary>
    [Id(11)] public int? Nodes { get; init; }

    /// <summary>Monte Carlo samples per refresh, even [64].</summary>
    [Id(12)] public int? Samples { get; init; }

    /// <summary>Optimiser steps [150].</summary>
    [Id(13)] public int? Steps { get; init; }

    /// <summary>Rows per step: 8, 16, 32 or 64 [32].</summary>
    [Id(14)] public int? Batch { get; init; }

    /// <summary>The optimiser's rate for what the method trains inside the network, of all methods of a request [by method: 0.1 for couplings, 0.001 for film, 0.003 for bn-affine, 0.0003 for lora, 0.00003 for full].</summary>
    [Id(15)] public double? LearningRate { get; init; }

    /// <summary>The optimiser's rate for the readout [0.001 for method readout, a tenth of the learning rate otherwise].</summary>
    [Id(16)] public double? ReadoutLearningRate { get; init; }

    /// <summary>L2 penalty on what the method trains inside the network [by method: 0.001; 0 for lora and full].</summary>
    [Id(17)] public double? Penalty { get; init; }

    /// <summary>Steps between two refreshes of the decoder gain [3].</summary>
    [Id(18)] public int? RefreshEvery { get; init; }

    /// <summary>Steps between two evaluations on held-out images [10].</summary>
    [Id(19)] public int? EvaluateEvery { get; init; }

    /// <summary>Training images, drawn anew and stratified by every seed [all].</summary>
    [Id(20)] public int? Examples { get; init; }

    /// <summary>Images of the test split on which the result is measured [all].</summary>
    [Id(21)] public int? TestImages { get; init; }

    [Id(22)] public GatePolicy? Gate { get; init; }

    /// <summary>Evaluations in a row without a better held-out loss after which the steps end [none: all steps are taken].</summary>
    [Id(23)] public int? Patience { get; init; }

    /// <summary>Rank of the changes of method lora, 1 to 256 [4].</summary>
    [Id(24)] public int? Rank { get; init; }

    /// <summary>Of the readout of own classes [auto].</summary>
    [Id(25)] public ReadoutRefit? Refit { get; init; }

    /// <summary>Further modulated layers after the cut, each after the one before it; all share the modulator [none; of own classes the end of the stage after the task's cut].</summary>
    [Id(26)] public IReadOnlyList<string>? Also { get; init; }

    /// <summary>Exponent of the covariance before it becomes the decoder gain: above 1 few units stand out, 0 levels all, 0 to 4 [1].</summary>
    [Id(27)] public double? Strength { get; init; }

    /// <summary>Steps before the first refresh of the decoder gain, which is 1 until then [0].</summary>
    [Id(28)] public int? RefreshFrom { get; init; }

    /// <summary>Of all that is trained [adam].</summary>
    [Id(29)] public Optimizer? Optimizer { get; init; }

    /// <summary>Whether the task has one decoder gain or each class its own; for comodulation, shuffled, rate and difference on tasks with classes [task].</summary>
    [Id(30)] public GainScope? GainPer { get; init; }

    /// <summary>Whether units that go down with the modulator count as relevant [rectified: they do not].</summary>
    [Id(31)] public LabelForm? LabelForm { get; init; }

    /// <summary>Layers after the cut, each after the one before it, whose channels have a decoder gain of their own; for comodulation, shuffled, rate and difference, not with a gain per class [none].</summary>
    [Id(32)] public IReadOnlyList<string>? GainAt { get; init; }
}
