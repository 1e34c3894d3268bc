using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Planning;

/// <summary>What one step of couplings does at every cut.</summary>
/// <param name="Images">Images that it was looked at with.</param>
/// <param name="Readouts">One per fold, calibrated.</param>
/// <param name="Start">Each image without couplings, by place.</param>
/// <param name="Signals">The step at each cut.</param>
/// <param name="Cuts">Scores of each cut, not ranked yet.</param>
internal sealed record StepLook(
    int Images,
    IReadOnlyList<FittedReadout> Readouts,
    TrialOutcome[] Start,
    StepSignal[] Signals,
    CutPlan[] Cuts
);
