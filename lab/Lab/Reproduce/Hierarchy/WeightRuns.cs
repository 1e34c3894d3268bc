namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Weights of eight seeds, each trained on its own task: all of them, or those of the readout alone.</summary>
/// <param name="all">Whether the hidden layers learn too.</param>
internal sealed class WeightRuns(
    Network network,
    Parameters pretrained,
    HierarchySettings settings,
    bool all,
    Samples[] training,
    Samples[] validation,
    Samples[] test
) : IEightRuns
{
    private readonly Activations _rows = new(network);
    private readonly Parameters _gradients = pretrained.Spread().Zero();
    private readonly Parameters _best = pretrained.Spread();
    private readonly Adam[] _adam =
    [
        .. pretrained.Arrays.Select(array => new Adam(array.Length * Tile.Lanes, settings.WeightRate)),
    ];
    private readonly float[] _gLogits = new float[network.Classes * Tile.Rows];
    private readonly float[] _gSecond = new float[network.Geometry.SecondHidden * Tile.Rows];
    private readonly float[] _gFirst = new float[network.Geometry.FirstHidden * Tile.Rows];

    /// <summary>Weights of the eight runs: [index * 8 + run].</summary>
    internal Parameters Weights { get; } = pretrained.Spread();

    /// <summary>Arrays that learn.</summary>
    private IEnumerable<int> Learning => Enumerable.Range(0, pretrained.Arrays.Length).Skip(all ? 0 : 4);

    public void Epoch()
    {
        for (var i = 0; i + 1 < training[0].Count; i += Tile.Batch)
        {
            Gradients(i);
            foreach (var array in Learning)
                _adam[array].Step(Weights.Arrays[array], _gradients.Arrays[array]);
        }
    }

    public (double[] Loss, double[] Accuracy) Validate() => Evaluate(validation, Weights);

    public void Keep(int run)
    {
        foreach (var array in Learning)
        {
            var (from, to) = (Weights.Arrays[array], _best.Arrays[array]);
            for (var i = run; i < from.Length; i += Tile.Lanes)
                to[i] = from[i];
        }
    }

    public double[] Accuracy() => Evaluate(test, _best).Accuracy;

    /// <summary>Gradients of the mean loss of each run's batch, and that loss.</summary>
    /// <param name="first">Index of the batch's first training point.</param>
    internal (Parameters Gradients, double[] Loss) Gradients(int first)
    {
        foreach (var array in Learning)
            Array.Clear(_gradients.Arrays[array]);
        Forward(training, first, Weights);
        Span<float> losses = stackalloc float[Tile.Rows];
        Softmax.Evaluate(_rows.Logits, Labels(training, first), losses, stackalloc bool[Tile.Rows], _gLogits);
        Layer<OwnWeights>.BackwardWeights(
            network.Readout,
            _gLogits,
            _rows.Second,
            _gradients.Weights(2),
            _gradients.Bias(2)
        );
        if (all)
        {
            Layer<OwnWeights>.BackwardInputs(network.Readout, Weights.Weights(2), _gLogits, _gSecond);
            Activations.Cut(_rows.Second, _gSecond);
            Layer<OwnWeights>.BackwardWeights(
                network.Second,
                _gSecond,
                _rows.First,
                _gradients.Weights(1),
                _gradients.Bias(1)
            );
            Layer<OwnWeights>.BackwardInputs(network.Second, Weights.Weights(1), _gSecond, _gFirst);
            Activations.Cut(_rows.First, _gFirst);
            Layer<OwnWeights>.BackwardWeights(
                network.First,
                _gFirst,
                _rows.Input,
                _gradients.Weights(0),
                _gradients.Bias(0)
            );
        }
        var means = new double[Tile.Lanes];
        for (var row = 0; row < Tile.Rows; row++)
            means[row % Tile.Lanes] += losses[row] / Tile.Batch;
        return (_gradients, means);
    }

    private void Forward(Samples[] samples, int first, Parameters weights)
    {
        for (var row = 0; row < Tile.Rows; row++)
        {
            var of = samples[row % Tile.Lanes];
            var response = of.Responses[Math.Min(first + row / Tile.Lanes, of.Count - 1)];
            for (var i = 0; i < response.Length; i++)
                _rows.Input[i * Tile.Rows + row] = response[i];
        }
        if (all)
            _rows.Hidden<OwnWeights>(weights);
        else
            _rows.Hidden<SharedWeights>(pretrained);
        Layer<OwnWeights>.Forward(
            network.Readout,
            weights.Weights(2),
            weights.Bias(2),
            _rows.Second,
            _rows.Logits,
            cut: false
        );
    }

    private (double[] Loss, double[] Accuracy) Evaluate(Samples[] samples, Parameters weights)
    {
        double[] loss = new double[Tile.Lanes],
            right = new double[Tile.Lanes];
        Span<float> losses = stackalloc float[Tile.Rows];
        Span<bool> rights = stackalloc bool[Tile.Rows];
        for (var i = 0; i < samples[0].Count; i += Tile.Batch)
        {
            Forward(samples, i, weights);
            Softmax.Evaluate(_rows.Logits, Labels(samples, i), losses, rights);
            for (var row = 0; row < Tile.Rows; row++)
            {
                loss[row % Tile.Lanes] += losses[row] / samples[0].Count;
                if (rights[row])
                    right[row % Tile.Lanes] += 1.0 / samples[0].Count;
            }
        }
        return (loss, right);
    }

    private static int[] Labels(Samples[] samples, int first) =>
        [
            .. Enumerable
                .Range(0, Tile.Rows)
                .Select(row => (Of: samples[row % Tile.Lanes], Index: first + row / Tile.Lanes))
                .Select(at => at.Index < at.Of.Count ? at.Of.Labels[at.Index] : -1),
        ];
}
