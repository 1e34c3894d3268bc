using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Planning;

/// <summary>What to do.</summary>
/// <param name="Method">Readout or comodulation.</param>
/// <param name="Cut">Encoder layer, also where only a readout is recommended: where couplings would do most.</param>
/// <param name="Reasons">A sentence each.</param>
public sealed record Recommendation(Method Method, Cut Cut, double Sigma, int Steps, IReadOnlyList<string> Reasons);
