using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>The network that all arms start from: it names the orientation of a single pattern at any place.</summary>
internal static class Pretraining
{
    private const int BatchRows = 32,
        ValidationPoints = 500;

    /// <returns>The weights, and the accuracy of each step on the points that chose its epoch.</returns>
    public static (Parameters Weights, (string Learned, double Accuracy)[] Steps) Run(
        Network network,
        Stimuli stimuli,
        HierarchySettings settings,
        HiddenLayersLearn learn
    )
    {
        const string Patterns = "single patterns";
        if (learn == HiddenLayersLearn.Patterns)
        {
            var (all, right) = Fit(
                network,
                network.Initial(new(0, 103)),
                0,
                stimuli.Single(settings.PretrainingPoints, new(0, 101)),
                stimuli.Single(ValidationPoints, new(0, 102)),
                settings.PretrainingRate,
                settings.PretrainingEpochs,
                new(0, 104)
            );
            return (all, [(Patterns, right)]);
        }
        var (digits, patterns) = (
            stimuli.Digits(settings.Digits, new(0, 111)),
            stimuli.Single(settings.Patterns, new(0, 112))
        );
        var (hidden, ofDigits) = Fit(
            network,
            network.Initial(new(0, 113)),
            0,
            Learned(digits),
            Other(digits),
            settings.DigitsRate,
            settings.DigitsEpochs,
            new(0, 114)
        );
        var (weights, ofPatterns) = Fit(
            network,
            hidden,
            first: 4,
            Learned(patterns),
            Other(patterns),
            settings.DigitsRate,
            settings.PatternsEpochs,
            new(0, 115)
        );
        return (weights, [("digits", ofDigits), (Patterns, ofPatterns)]);

        Samples Learned(Samples of) => of.Range(0, (int)(of.Count * settings.DigitsShare));
        Samples Other(Samples of) => of.Range((int)(of.Count * settings.DigitsShare), of.Count);
    }

    /// <param name="first">Index of the first array that learns.</param>
    /// <returns>Weights of the best epoch, and their accuracy on the points that chose it.</returns>
    private static (Parameters Weights, double Accuracy) Fit(
        Network network,
        Parameters initial,
        int first,
        Samples training,
        Samples validation,
        float rate,
        int epochs,
        RandomStream random
    )
    {
        var weights = initial.Copy();
        var (gradients, adam) = (
            weights.Zero(),
            weights.Arrays.Select(array => new Adam(array.Length, rate)).ToArray()
        );
        var tile = new PretrainingTile(network);
        var (best, lowest, accuracy) = (weights, double.PositiveInfinity, 0.0);
        int[] order = [.. Enumerable.Range(0, training.Count)];
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            random.Shuffle(order.AsSpan());
            foreach (var batch in order.Chunk(BatchRows))
            {
                foreach (var array in gradients.Arrays)
                    Array.Clear(array);
                foreach (var rows in batch.Chunk(Tile.Rows))
                    tile.Gradients(weights, training, rows, gradients);
                for (var array = first; array < adam.Length; array++)
                    adam[array].Step(weights.Arrays[array], gradients.Arrays[array]);
            }
            var (loss, right) = tile.Evaluate(weights, validation);
            if (loss >= lowest)
                continue;
            (best, lowest, accuracy) = (weights.Copy(), loss, right);
        }
        return (best, accuracy);
    }
}
