using ComodCluster.Api.Tasks;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>One adaptation of a task.</summary>
/// <param name="Study">Which curve or table it belongs to.</param>
internal sealed record Trial(string Study, Method Method, MethodOptions Options)
{
    /// <summary>Null: the backbone's head where it knows the classes.</summary>
    public ReadoutMode? Readout { get; init; }

    /// <summary>Rate of what the method trains.</summary>
    public double Rate => (Method == Method.Readout ? Options.ReadoutLearningRate : Options.LearningRate)!.Value;
}
