namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>What says which state of a run is its best on the validation points.</summary>
internal enum KeptBy
{
    Loss,

    /// <summary>The accuracy; the loss decides between equal ones.</summary>
    Accuracy,
}
