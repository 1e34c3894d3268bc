using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

/// <summary>Settings of an adaptation; null means the engine's default (in brackets).</summary>
[GenerateSerializer, Alias("comod.MethodOptions")]
public sealed record MethodOptions
{
    /// <summary>
    /// Encoder layer: <c>stem</c>, a stage (<c>layer2</c>) or a block (<c>layer2.0</c>) [with a fixed head, and no
    /// further layer named, the end of the stage before the last, else layer2].
    /// </summary>
    [Id(0)]
    public string? Cut { get; init; }

    /// <summary>How gains follow the couplings [rectified with a fixed head, else exponential].</summary>
    [Id(1)]
    public GainForm? GainForm { get; init; }

    [Id(2)]
    public Granularity? Granularity { get; init; }

    /// <summary>Side of the coarse grid of spatial couplings, in cells [12].</summary>
    [Id(4)]
    public int? Grid { get; init; }

    /// <summary>Mean of the modulator, not 0 [1].</summary>
    [Id(5)]
    public double? Mu { get; init; }

    /// <summary>Standard deviation of the modulator, above 0 [0.1].</summary>
    [Id(6)]
    public double? Sigma { get; init; }

    /// <summary>Correlation of the modulator between groups of channels, 0 to 1 [1].</summary>
    [Id(7)]
    public double? Rho { get; init; }

    /// <summary>Groups of channels that share private noise; used when rho is below 1 [8].</summary>
    [Id(8)]
    public int? Groups { get; init; }

    /// <summary>Bound of |c mu| [3].</summary>
    [Id(9)]
    public double? Cap { get; init; }

    [Id(10)]
    public CovarianceEstimator? Estimator { get; init; }

    /// <summary>Monte Carlo samples per refresh, even [64].</summary>
    [Id(12)]
    public int? Samples { get; init; }

    /// <summary>Optimiser steps [150].</summary>
    [Id(13)]
    public int? Steps { get; init; }

    /// <summary>Images per step: 8, 16, 32 or 64 [32].</summary>
    [Id(14)]
    public int? Batch { get; init; }

    /// <summary>
    /// The optimiser's rate for what the method trains inside the network, of all methods of a request [by method: 0.1
    /// for couplings, 0.001 for film, 0.003 for bn-affine, 0.0003 for lora, 0.00003 for full].
    /// </summary>
    [Id(15)]
    public double? LearningRate { get; init; }

    /// <summary>
    /// The optimiser's rate for the readout [0.001 for method readout, a tenth of the learning rate otherwise].
    /// </summary>
    [Id(16)]
    public double? ReadoutLearningRate { get; init; }

    /// <summary>
    /// L2 penalty on what the method trains inside the network [by method: 0.001; 0 for lora and full].
    /// </summary>
    [Id(17)]
    public double? Penalty { get; init; }

    /// <summary>Steps between two refreshes of the decoder gain [3].</summary>
    [Id(18)]
    public int? RefreshEvery { get; init; }

    /// <summary>Steps between two evaluations on held-out images [10].</summary>
    [Id(19)]
    public int? EvaluateEvery { get; init; }

    /// <summary>Training images, drawn anew and stratified by every seed [all].</summary>
    [Id(20)]
    public int? Examples { get; init; }

    /// <summary>Images of the test split on which the result is measured [all].</summary>
    [Id(21)]
    public int? TestImages { get; init; }

    [Id(22)]
    public GatePolicy? Gate { get; init; }

    /// <summary>
    /// Evaluations in a row without a better held-out loss after which the steps end [none: all steps are taken].
    /// </summary>
    [Id(23)]
    public int? Patience { get; init; }

    /// <summary>Rank of the changes of method lora, 1 to 256 [4].</summary>
    [Id(24)]
    public int? Rank { get; init; }

    /// <summary>How the readout of new classes is fitted once the couplings are trained [auto].</summary>
    [Id(25)]
    public ReadoutRefit? Refit { get; init; }

    /// <summary>
    /// Further modulated layers after the cut, each after the one before it; all share the modulator [none; for new
    /// classes the end of the stage after the task's cut].
    /// </summary>
    [Id(26)]
    public IReadOnlyList<string>? Also { get; init; }

    // What follows was removed (docs/decisions/0016-removed-settings.md). Messages, requests and records of earlier
    // builds may name it: it is read so that it can be refused by name, and a record that is rewritten keeps it. Nobody
    // can set it.
    [Id(3), JsonInclude]
    private bool? NonNegative { get; init; }

    [Id(11), JsonInclude]
    private int? Nodes { get; init; }

    [Id(27), JsonInclude]
    private double? Strength { get; init; }

    [Id(28), JsonInclude]
    private int? RefreshFrom { get; init; }

    [Id(29), JsonInclude]
    private Optimizer? Optimizer { get; init; }

    [Id(30), JsonInclude]
    private GainScope? GainPer { get; init; }

    [Id(31), JsonInclude]
    private LabelForm? LabelForm { get; init; }

    [Id(32), JsonInclude]
    private IReadOnlyList<string>? GainAt { get; init; }

    /// <summary>The removed settings that are named here, as JSON spells them.</summary>
    public IEnumerable<string> Removed() =>
        from setting in new (string Name, object? Value)[]
        {
            ("nonNegative", NonNegative),
            ("nodes", Nodes),
            ("strength", Strength),
            ("refreshFrom", RefreshFrom),
            ("optimizer", Optimizer),
            ("gainPer", GainPer),
            ("labelForm", LabelForm),
            ("gainAt", GainAt),
        }
        where setting.Value is not null
        select setting.Name;
}
