namespace ComodCluster.Engine.Planning;

/// <summary>What one step of couplings away from 0 promises on images that it was not computed from.</summary>
/// <param name="Decrease">Fall of the held-out loss by the quadratic model, nats: mean over the images, with its
/// standard error.</param>
/// <param name="StandardError">Standard error of <paramref name="Decrease"/>.</param>
/// <param name="Damping">Share of the mean eigenvalue that was added to the curvature; the one that promised
/// most.</param>
/// <param name="Steps">Couplings per fold, [P], computed from the images outside of it.</param>
public sealed record StepSignal(double Decrease, double StandardError, double Damping, IReadOnlyList<float[]> Steps);
