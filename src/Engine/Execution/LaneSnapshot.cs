namespace ComodCluster.Engine.Execution;

/// <summary>
/// Held-out losses at one evaluation, and, for a readout that will be refitted, U, V and the decoder gain: what
/// cross-validation needs later.
/// </summary>
public sealed record LaneSnapshot(int Step, double[] HeldOutLosses, float[] U, float[] V, float[] G);
