namespace ComodCluster.Engine.Tasks;

/// <summary>What a method trains inside the network.</summary>
public enum NetworkPart
{
    /// <summary>Nothing: features are those of the frozen network.</summary>
    None,

    /// <summary>Gains of the units at the cut.</summary>
    Couplings,

    /// <summary>Scale and shift of each channel after every stage.</summary>
    StageAffine,

    /// <summary>Scale and shift of every batch norm.</summary>
    NormAffine,

    /// <summary>Low-rank changes of the kernels of the stages.</summary>
    LowRank,

    /// <summary>Kernels and biases of all convolutions.</summary>
    Weights,
}
