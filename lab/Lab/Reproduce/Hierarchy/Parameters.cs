namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Weights and biases of the three layers, in this order.</summary>
internal sealed record Parameters(float[][] Arrays)
{
    public float[] Weights(int layer) => Arrays[2 * layer];

    public float[] Bias(int layer) => Arrays[2 * layer + 1];

    /// <summary>The same for each of eight runs.</summary>
    public Parameters Spread() =>
        new([.. Arrays.Select(array => array.SelectMany(value => Enumerable.Repeat(value, Tile.Lanes)).ToArray())]);

    public Parameters Copy() => new([.. Arrays.Select(array => (float[])array.Clone())]);

    public Parameters Zero() => new([.. Arrays.Select(array => new float[array.Length])]);
}
