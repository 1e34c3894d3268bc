namespace ComodCluster.Api.Tasks;

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
