namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Eight runs that advance together, a tile's two rows each.</summary>
internal interface IEightRuns
{
    /// <summary>One pass over the training points.</summary>
    void Epoch();

    /// <summary>Mean loss and accuracy of each run on the validation points.</summary>
    (double[] Loss, double[] Accuracy) Validate();

    /// <summary>Keeps a run's present state as its best.</summary>
    void Keep(int run);

    /// <summary>Test accuracy of the best state of each run.</summary>
    double[] Accuracy();
}
