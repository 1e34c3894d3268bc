using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Tasks;

/// <summary>What is adapted, and how.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Method>))]
public enum Method
{
    /// <summary>Only the readout is trained, on unmodulated features.</summary>
    Readout,

    /// <summary>Deterministic gain: sigma = 0 and decoder gain 1.</summary>
    Gain,

    /// <summary>Stochastic comodulation.</summary>
    Comodulation,

    /// <summary>Control: comodulation whose decoder gain goes to other units.</summary>
    Shuffled,

    /// <summary>Control: the decoder gain is the mean activity.</summary>
    Rate,

    /// <summary>Control, and a choice of its own: the decoder gain is what the gains add to the mean activity, without any noise.</summary>
    Difference,

    /// <summary>Control: the decoder gain is trained by gradient.</summary>
    TrainedG,

    /// <summary>Baseline: scale and shift of each channel after every stage.</summary>
    Film,

    /// <summary>Baseline: scale and shift of every batch norm.</summary>
    BnAffine,

    /// <summary>Baseline: low-rank changes of the kernels.</summary>
    Lora,

    /// <summary>Baseline: all weights.</summary>
    Full,
}

[JsonConverter(typeof(JsonStringEnumConverter<ReadoutMode>))]
public enum ReadoutMode
{
    /// <summary>Rows of the backbone's own head; fixed, but for method <see cref="Method.Readout"/>.</summary>
    Head,

    /// <summary>New classes, which the backbone does not know: regression, adaptation with the readout at a tenth of the rate, refit.</summary>
    Own,
}

[JsonConverter(typeof(JsonStringEnumConverter<LossKind>))]
public enum LossKind
{
    /// <summary>Softmax cross-entropy.</summary>
    Classes,

    /// <summary>Mean binary cross-entropy of independent attributes.</summary>
    Attributes,
}

[JsonConverter(typeof(JsonStringEnumConverter<GainForm>))]
public enum GainForm
{
    /// <summary>exp(c m)</summary>
    Exponential,

    /// <summary>max(0, 1 + c m)</summary>
    Rectified,

    /// <summary>|1 + c m|</summary>
    Absolute,
}

/// <summary>Which couplings a task has.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Granularity>))]
public enum Granularity
{
    /// <summary>u[c]</summary>
    Channel,

    /// <summary>v[y, x] on a coarse grid</summary>
    Spatial,

    /// <summary>u[c] + v[y, x]</summary>
    Unit,
}

[JsonConverter(typeof(JsonStringEnumConverter<CovarianceEstimator>))]
public enum CovarianceEstimator
{
    Quadrature,
    MonteCarlo,
}

/// <summary>How the readout of new classes is fitted once the couplings are trained.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReadoutRefit>))]
public enum ReadoutRefit
{
    /// <summary>Plain or with the prior, whichever is better on held-out images.</summary>
    Auto,

    /// <summary>All units have the same prior.</summary>
    Plain,

    /// <summary>The decoder gain is the prior variance of a unit's weights.</summary>
    Prior,

    /// <summary>Not at all: the readout that was trained along stays.</summary>
    None,
}

[JsonConverter(typeof(JsonStringEnumConverter<GatePolicy>))]
public enum GatePolicy
{
    /// <summary>From 64 examples on three parts (train, early stopping, gate), below that 4-fold cross-validation.</summary>
    Auto,

    /// <summary>One stratified quarter for early stopping, no gate.</summary>
    Off,
}
