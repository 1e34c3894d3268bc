namespace ComodCluster.Engine.Tasks;

/// <summary>A readout on raw features: y = W d + b.</summary>
/// <param name="Weight">[K, D]</param>
/// <param name="Bias">[K]</param>
public sealed record FittedReadout(float[] Weight, float[] Bias);
