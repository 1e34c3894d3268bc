using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Planning;

/// <summary>What frozen features tell of a task.</summary>
/// <param name="Features">Features at the pool, [n, D].</param>
/// <param name="Cuts">Scores at each cut.</param>
/// <param name="HeadRows">The backbone's own rows of a task with a fixed head; null of new classes.</param>
/// <param name="Head">Accuracy of these rows.</param>
/// <param name="Curve">Accuracy of a readout by examples.</param>
/// <param name="FitSeconds">What one fit of it took.</param>
internal sealed record FrozenLook(
    float[,] Features,
    CutFeatures[] Cuts,
    FittedReadout? HeadRows,
    Interval? Head,
    CurvePlan Curve,
    double FitSeconds
);
