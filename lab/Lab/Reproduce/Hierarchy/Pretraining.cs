using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>What the hidden layers learn before any task.</summary>
internal enum HiddenLayersLearn
{
    /// <summary>With the readout, the orientation of a single pattern at any place.</summary>
    Patterns,

    /// <summary>To name drawn digits; the readout then learns single patterns. As the authors', whose digits are handwritten.</summary>
    Digits,
}

/// <summary>The network that all arms start from: it names the orientation of a single pattern at any place.</summary>
internal static class Pretraining
{
    private const int BatchRows = 32, ValidationPoints = 500;

    /// <returns>The weights, and the accuracy of each step on the points that chose its epoch.</returns>
    public static (Parameters Weights, (string Learned, double Accuracy)[] Steps) Run(Network network, Stimuli stimuli, HierarchySettings settings, HiddenLayersLearn learn)
    {
        const string Patterns = "single patterns";
        if (learn == HiddenLayersLearn.Patterns)
        {
            var (all, right) = Fit(network, network.Initial(new(0, 103)), 0, stimuli.Single(settings.PretrainingPoints, new(0, 101)), stimuli.Single(ValidationPoints, new(0, 102)),
                settings.PretrainingRate, settings.PretrainingEpochs, new(0, 104));
            return (all, [(Patterns, right)]);
        }
        var (digits, patterns) = (stimuli.Digits(settings.Digits, new(0, 111)), stimuli.Single(settings.Patterns, new(0, 112)));
        var (hidden, ofDigits) = Fit(network, network.Initial(new(0, 113)), 0, Learned(digits), Other(digits), settings.DigitsRate, settings.DigitsEpochs, new(0, 114));
        var (weights, ofPatterns) = Fit(network, hidden, first: 4, Learned(patterns), Other(patterns), settings.DigitsRate, settings.PatternsEpochs, new(0, 115));
        return (weights, [("digits", ofDigits), (Patterns, ofPatterns)]);

        Samples Learned(Samples of) => of.Range(0, (int)(of.Count * settings.DigitsShare));
        Samples Other(Samples of) => of.Range((int)(of.Count * settings.DigitsShare), of.Count);
    }

    /// <param name="first">Index of the first array that learns.</param>
    /// <returns>Weights of the best epoch, and their accuracy on the points that chose it.</returns>
    private static (Parameters Weights, double Accuracy) Fit(Network network, Parameters initial, int first, Samples training, Samples validation, float rate, int epochs, RandomStream random)
    {
        var weights = initial.Copy();
        var (gradients, adam) = (weights.Zero(), weights.Arrays.Select(array => new Adam(array.Length, rate)).ToArray());
        var tile = new PretrainingTile(network);
        var (best, lowest, accuracy) = (weights, double.PositiveInfinity, 0.0);
        int[] order = [.. Enumerable.Range(0, training.Count)];
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            random.Shuffle(order.AsSpan());
            foreach (var batch in order.Chunk(BatchRows))
            {
                foreach (var array in gradients.Arrays) Array.Clear(array);
                foreach (var rows in batch.Chunk(Tile.Rows)) tile.Gradients(weights, training, rows, gradients);
                for (var array = first; array < adam.Length; array++) adam[array].Step(weights.Arrays[array], gradients.Arrays[array]);
            }
            var (loss, right) = tile.Evaluate(weights, validation);
            if (loss >= lowest) continue;
            (best, lowest, accuracy) = (weights.Copy(), loss, right);
        }
        return (best, accuracy);
    }
}

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
        Softmax.Evaluate(_rows.Logits, Labels(samples, points), stackalloc float[Tile.Rows], stackalloc bool[Tile.Rows], _gLogits);
        Layer<SharedWeights>.BackwardWeights(network.Readout, _gLogits, _rows.Second, gradients.Weights(2), gradients.Bias(2));
        Layer<SharedWeights>.BackwardInputs(network.Readout, weights.Weights(2), _gLogits, _gSecond);
        Activations.Cut(_rows.Second, _gSecond);
        Layer<SharedWeights>.BackwardWeights(network.Second, _gSecond, _rows.First, gradients.Weights(1), gradients.Bias(1));
        Layer<SharedWeights>.BackwardInputs(network.Second, weights.Weights(1), _gSecond, _gFirst);
        Activations.Cut(_rows.First, _gFirst);
        Layer<SharedWeights>.BackwardWeights(network.First, _gFirst, _rows.Input, gradients.Weights(0), gradients.Bias(0));
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
                if (rights[row]) right += 1.0 / samples.Count;
            }
        }
        return (loss, right);
    }

    private void Forward(Parameters weights, Samples samples, int[] points)
    {
        for (var row = 0; row < Tile.Rows; row++)
        {
            var response = samples.Responses[points[Math.Min(row, points.Length - 1)]];
            for (var i = 0; i < response.Length; i++) _rows.Input[i * Tile.Rows + row] = response[i];
        }
        _rows.Hidden<SharedWeights>(weights);
        Layer<SharedWeights>.Forward(network.Readout, weights.Weights(2), weights.Bias(2), _rows.Second, _rows.Logits, cut: false);
    }

    private static int[] Labels(Samples samples, int[] points) =>
        [.. Enumerable.Range(0, Tile.Rows).Select(row => row < points.Length ? samples.Labels[points[row]] : -1)];
}
