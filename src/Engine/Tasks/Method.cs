using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Tasks;

/// <summary>What is adapted, and how.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Method>))]
public enum Method
{
    /// <summary>
    /// Only the readout is the task's: of new classes in closed form at the place that folds choose, else the head's
    /// rows trained by steps.
    /// </summary>
    Readout,

    /// <summary>Deterministic gain: sigma = 0 and decoder gain 1.</summary>
    Gain,

    /// <summary>Stochastic comodulation.</summary>
    Comodulation,

    /// <summary>Control: comodulation whose decoder gain goes to other units.</summary>
    Shuffled,

    /// <summary>Control: the decoder gain is the mean activity.</summary>
    Rate,

    /// <summary>
    /// Control, and a choice of its own: the decoder gain is what the gains add to the mean activity, without any
    /// noise.
    /// </summary>
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

    /// <summary>
    /// Baseline: logistic regression on the penultimate features; with the backbone's head the same as
    /// <see cref="Readout"/>.
    /// </summary>
    ReadoutPenultimate,
}
