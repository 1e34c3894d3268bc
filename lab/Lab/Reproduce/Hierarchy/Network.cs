using System.Runtime.Intrinsics;
using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Two locally connected hidden layers and a full readout, above a front end that is computed beforehand.</summary>
internal sealed class Network(Geometry geometry)
{
    public Geometry Geometry => geometry;

    public Wiring First { get; } = Wiring.Pool(geometry.Positions, geometry.Orientations, 1, geometry.Features);

    public Wiring Second { get; } = Wiring.Pool(geometry.Positions - 1, geometry.Orientations, geometry.Features, geometry.Features);

    public Wiring Readout { get; } = Wiring.Full(geometry.SecondHidden, geometry.Orientations);

    public int Classes => geometry.Orientations;

    /// <summary>Uniform within one over the root of the whole layer below, as the authors' library initialises a masked full layer.</summary>
    public Parameters Initial(RandomStream random) => new([.. new[] { First, Second, Readout }.SelectMany(wiring =>
        new[] { wiring.Sources.Length, wiring.Units }.Select(count =>
            Enumerable.Range(0, count).Select(_ => (float)((2 * random.Uniform() - 1) / Math.Sqrt(wiring.Inputs))).ToArray()))]);
}

/// <summary>Weights and biases of the three layers, in this order.</summary>
internal sealed record Parameters(float[][] Arrays)
{
    public float[] Weights(int layer) => Arrays[2 * layer];

    public float[] Bias(int layer) => Arrays[2 * layer + 1];

    /// <summary>The same for each of eight runs.</summary>
    public Parameters Spread() => new([.. Arrays.Select(array => array.SelectMany(value => Enumerable.Repeat(value, Tile.Lanes)).ToArray())]);

    public Parameters Copy() => new([.. Arrays.Select(array => (float[])array.Clone())]);

    public Parameters Zero() => new([.. Arrays.Select(array => new float[array.Length])]);
}

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
    public void Hidden<TWeights>(Parameters parameters) where TWeights : struct, ILayerWeights
    {
        Layer<TWeights>.Forward(network.First, parameters.Weights(0), parameters.Bias(0), Input, First, cut: true);
        Layer<TWeights>.Forward(network.Second, parameters.Weights(1), parameters.Bias(1), First, Second, cut: true);
    }

    /// <summary>Zero where a unit was cut.</summary>
    public static void Cut(float[] activations, float[] gradient)
    {
        for (var i = 0; i < gradient.Length; i += Tile.Lanes)
            (Vector256.GreaterThan(Vector256.LoadUnsafe(ref activations[i]), Vector256<float>.Zero) & Vector256.LoadUnsafe(ref gradient[i])).StoreUnsafe(ref gradient[i]);
    }
}
