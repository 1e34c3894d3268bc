namespace ComodCluster.Client.Commands.Reproduce.Hierarchy;

/// <summary>Eight runs that advance together, a tile's two rows each.</summary>
internal interface IEightRuns
{
    /// <summary>One pass over the training points.</summary>
    void Epoch();

    /// <summary>Mean validation loss of each run.</summary>
    double[] ValidationLoss();

    /// <summary>Keeps a run's present state as its best.</summary>
    void Keep(int run);

    /// <summary>Test accuracy of the best state of each run.</summary>
    double[] Accuracy();
}
