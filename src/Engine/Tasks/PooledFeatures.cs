namespace ComodCluster.Engine.Tasks;

/// <summary>Features that are means of a stage's output over cells, as torch's <c>adaptive_avg_pool2d</c> has
/// them.</summary>
/// <param name="Stage">Such as <c>layer3</c>, after its last ReLU.</param>
/// <param name="Side">The cells are a grid of Side x Side.</param>
/// <param name="Cell">The only cell that is taken, row by row from 0; null: all.</param>
/// <param name="Channels">Values of a cell.</param>
public sealed record PooledFeatures(string Stage, int Side, int? Cell, int Channels);
