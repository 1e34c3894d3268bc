namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Sixteen points under one set of weights.</summary>
internal sealed class PretrainingTile(Network network)
{
    private readonly Activations _rows = new(network);
    private readonly float[] _gLogits = new float[network.Classes * Tile.Rows];
    private readonly float[] _gSecond = new float[network.Geometry.SecondHidden * Tile.Rows];
    private readonly float[] _gFirst = new float[network.Geometry.FirstHidden * Tile.Rows];

    /// <summary>Adds the gradient of the points' loss. Adam does not see its scale.</summary>
    public void Gradients(Parameters weights, Samples samples, int[] points, Parameters gradients)
    {
        Forward(weights, samples, points);
        Softmax.Evaluate(
            _rows.Logits,
            Labels(samples, points),
            stackalloc float[Tile.Rows],
            stackalloc bool[Tile.Rows],
            _gLogits
        );
        Layer<SharedWeights>.BackwardWeights(
            network.Readout,
            _gLogits,
            _rows.Second,
            gradients.Weights(2),
            gradients.Bias(2)
        );
        Layer<SharedWeights>.BackwardInputs(network.Readout, weights.Weights(2), _gLogits, _gSecond);
        Activations.Cut(_rows.Second, _gSecond);
        Layer<SharedWeights>.BackwardWeights(
            network.Second,
            _gSecond,
            _rows.First,
            gradients.Weights(1),
            gradients.Bias(1)
        );
        Layer<SharedWeights>.BackwardInputs(network.Second, weights.Weights(1), _gSecond, _gFirst);
        Activations.Cut(_rows.First, _gFirst);
        Layer<SharedWeights>.BackwardWeights(
            network.First,
            _gFirst,
            _rows.Input,
            gradients.Weights(0),
            gradients.Bias(0)
        );
    }

    /// <summary>Mean loss and accuracy.</summary>
    public (double Loss, double Accuracy) Evaluate(Parameters weights, Samples samples)
    {
        var (loss, right) = (0.0, 0.0);
        Span<float> losses = stackalloc float[Tile.Rows];
        Span<bool> rights = stackalloc bool[Tile.Rows];
        foreach (var points in Enumerable.Range(0, samples.Count).Chunk(Tile.Rows))
        {
            Forward(weights, samples, points);
            Softmax.Evaluate(_rows.Logits, Labels(samples, points), losses, rights);
            for (var row = 0; row < points.Length; row++)
            {
                loss += losses[row] / samples.Count;
                if (rights[row])
                    right += 1.0 / samples.Count;
            }
        }
        return (loss, right);
    }

    private void Forward(Parameters weights, Samples samples, int[] points)
    {
        for (var row = 0; row < Tile.Rows; row++)
        {
            var response = samples.Responses[points[Math.Min(row, points.Length - 1)]];
            for (var i = 0; i < response.Length; i++)
                _rows.Input[i * Tile.Rows + row] = response[i];
        }
        _rows.Hidden<SharedWeights>(weights);
        Layer<SharedWeights>.Forward(
            network.Readout,
            weights.Weights(2),
            weights.Bias(2),
            _rows.Second,
            _rows.Logits,
            cut: false
        );
    }

    private static int[] Labels(Samples samples, int[] points) =>
        [.. Enumerable.Range(0, Tile.Rows).Select(row => row < points.Length ? samples.Labels[points[row]] : -1)];
}
