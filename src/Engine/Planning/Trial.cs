namespace ComodCluster.Engine.Planning;

/// <summary>Couplings to try at a cut.</summary>
/// <param name="Cut">Place among <see cref="PlanPasses.CutsOf"/>.</param>
/// <param name="Couplings">Per fold u and then v, [C + h w].</param>
/// <param name="Modulator">m</param>
internal sealed record Trial(int Cut, IReadOnlyList<float[]> Couplings, double Modulator)
{
    /// <summary>Features [n, D] under them, by place in the sample.</summary>
    public required float[,] Features { get; init; }
}
