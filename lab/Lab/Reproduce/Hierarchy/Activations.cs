using System.Runtime.Intrinsics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Activations and gradients of one tile: [unit * 16 + row].</summary>
internal sealed class Activations(Network network)
{
    public float[] Input { get; } = new float[network.Geometry.Inputs * Tile.Rows];

    public float[] First { get; } = new float[network.Geometry.FirstHidden * Tile.Rows];

    public float[] Second { get; } = new float[network.Geometry.SecondHidden * Tile.Rows];

    /// <summary>The second hidden layer times the decoder gain.</summary>
    public float[] Scaled { get; } = new float[network.Geometry.SecondHidden * Tile.Rows];

    public float[] Logits { get; } = new float[network.Classes * Tile.Rows];

    /// <summary>Both hidden layers, from the input.</summary>
    public void Hidden<TWeights>(Parameters parameters)
        where TWeights : struct, ILayerWeights
    {
        Layer<TWeights>.Forward(network.First, parameters.Weights(0), parameters.Bias(0), Input, First, cut: true);
        Layer<TWeights>.Forward(network.Second, parameters.Weights(1), parameters.Bias(1), First, Second, cut: true);
    }

    /// <summary>Zero where a unit was cut.</summary>
    public static void Cut(float[] activations, float[] gradient)
    {
        for (var i = 0; i < gradient.Length; i += Tile.Lanes)
            (
                Vector256.GreaterThan(Vector256.LoadUnsafe(ref activations[i]), Vector256<float>.Zero)
                & Vector256.LoadUnsafe(ref gradient[i])
            ).StoreUnsafe(ref gradient[i]);
    }
}
