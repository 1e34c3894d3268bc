using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Trials;

/// <param name="Examples">Training images, those held out included.</param>
/// <param name="Steps">Steps of the parameters that were kept; 0: the base.</param>
/// <param name="DeviceSeconds">The trial's share of the batches that it was in.</param>
/// <param name="Gate">Null where there was none.</param>
/// <param name="CachedTo">The place up to which activations came from the activation cache: the task's cut, or where
/// else its method begins to change the network; <c>record</c> where a readout in closed form read records.</param>
public sealed record TrialResult(
    TaskState State,
    TaskSettings Settings,
    TrialMetrics Metrics,
    IReadOnlyList<EvaluationPoint> Curve,
    int Examples,
    int Steps,
    int TrainedParameters,
    double DeviceSeconds,
    GateDecision? Gate,
    string CachedTo
)
{
    public bool Rejected => Gate?.Rejected == true;

    /// <summary>Why the version is the base itself, with 0 steps; null where a step was better.</summary>
    public string? Kept { get; init; }

    /// <summary>The readout in closed form, how it was chosen and from what; null where it is none.</summary>
    public ReadoutFit? Readout { get; init; }

    /// <summary>Out of fold, or on the gate's part; null where the trial has neither.</summary>
    public HeldOut? HeldOut { get; init; }
}
