using ComodCluster.Lab.Reproduce.Hierarchy;

namespace ComodCluster.Lab.Tests.Reproduce.Hierarchy;

public class EarlyStoppingTests
{
    private static readonly HierarchySettings s_settings = Small.Settings with
    {
        Epochs = 5,
        Budgets = [1],
        Patience = 5,
    };

    [Theory]
    [InlineData(KeptBy.Loss, 1)]
    [InlineData(KeptBy.Accuracy, 3)]
    internal void Train_LossAndAccuracyDisagree_KeepsTheStateOfTheRule(KeptBy rule, int kept)
    {
        // The fourth is worse than the third where accuracies are equal, the fifth is not a number.
        var runs = new Scripted([1, 0.5, 2, 1.5, 1.8, double.NaN], [0.5, 0.6, 0.8, 0.9, 0.9, 1]);
        var results = EarlyStopping.Train(runs, rule, s_settings, TestContext.Current.CancellationToken);
        Assert.Equal([1, 5], results.Select(result => result.Epochs));
        Assert.All(results[0].Accuracy, accuracy => Assert.Equal(1, accuracy));
        Assert.All(results[1].Accuracy, accuracy => Assert.Equal(kept, accuracy));
    }

    [Fact]
    public void Train_NothingBetterForPatience_EndsAndReportsTheStart()
    {
        var runs = new Scripted([1, 2, 2, 2, 2, 2], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
        var results = EarlyStopping.Train(
            runs,
            KeptBy.Loss,
            s_settings with
            {
                Patience = 2,
            },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(2, runs.Epochs);
        Assert.All(results, result => Assert.All(result.Accuracy, accuracy => Assert.Equal(0, accuracy)));
    }

    /// <summary>Validates as told, epoch after epoch; its test accuracy is the epoch that was kept.</summary>
    private sealed class Scripted(double[] losses, double[] accuracies) : IEightRuns
    {
        private readonly double[] _kept = new double[Tile.Lanes];

        public int Epochs { get; private set; }

        public void Epoch() => Epochs++;

        public (double[] Loss, double[] Accuracy) Validate() => (Eight(losses[Epochs]), Eight(accuracies[Epochs]));

        public void Keep(int run) => _kept[run] = Epochs;

        public double[] Accuracy() => [.. _kept];

        private static double[] Eight(double value) => [.. Enumerable.Repeat(value, Tile.Lanes)];
    }
}
