using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

/// <summary>How a task is adapted (docs/method.md#methods).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Method>))]
[GenerateSerializer, Alias("comod.Method")]
public enum Method
{
    /// <summary>
    /// The readout alone: of new classes in closed form from all examples, at the place of the network that folds
    /// choose; with the backbone's head its rows, trained by steps.
    /// </summary>
    [JsonStringEnumMemberName("readout")]
    Readout,

    /// <summary>Deterministic gain ("attention"): couplings without noise, decoder gain 1.</summary>
    [JsonStringEnumMemberName("gain")]
    Gain,

    /// <summary>Stochastic comodulation.</summary>
    [JsonStringEnumMemberName("comodulation")]
    Comodulation,

    /// <summary>
    /// Control: comodulation whose decoder gain goes to other units, by a permutation that the seed fixes.
    /// </summary>
    [JsonStringEnumMemberName("shuffled")]
    Shuffled,

    /// <summary>Control: the decoder gain is the mean activity, without noise.</summary>
    [JsonStringEnumMemberName("rate")]
    Rate,

    /// <summary>
    /// Control, and a choice of its own: the decoder gain is what the gains add to the mean activity, without noise.
    /// </summary>
    [JsonStringEnumMemberName("difference")]
    Difference,

    /// <summary>Control: the decoder gain is trained by gradient.</summary>
    [JsonStringEnumMemberName("trained-g")]
    TrainedG,

    /// <summary>Baseline: scale and shift of each channel after every stage.</summary>
    [JsonStringEnumMemberName("film")]
    Film,

    /// <summary>Baseline: scale and shift of every batch norm.</summary>
    [JsonStringEnumMemberName("bn-affine")]
    BnAffine,

    /// <summary>Baseline: low-rank changes of the convolutions' kernels.</summary>
    [JsonStringEnumMemberName("lora")]
    Lora,

    /// <summary>Baseline: all weights. Its versions are for comparison and are never activated.</summary>
    [JsonStringEnumMemberName("full")]
    Full,

    /// <summary>
    /// Stands alone in a request: readout, gain, difference and comodulation are compared on held-out images, and the
    /// chosen one makes the version, which says why.
    /// </summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>
    /// Baseline: logistic regression on the penultimate features of a part of the examples, as earlier builds had for
    /// <see cref="Readout"/>.
    /// </summary>
    [JsonStringEnumMemberName("readout-penultimate")]
    ReadoutPenultimate,
}
