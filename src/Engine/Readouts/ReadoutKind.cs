namespace ComodCluster.Engine.Readouts;

/// <summary>How a readout is computed from the features of its examples. The numbers are stored.</summary>
public enum ReadoutKind
{
    /// <summary>Linear discriminants with the pooled covariance within the classes, shrunk as by Ledoit and
    /// Wolf.</summary>
    Lda = 0,

    /// <summary>Least squares towards one-hot targets, with a penalty.</summary>
    Ridge = 1,

    /// <summary>Softmax regression with a penalty.</summary>
    Logistic = 2,
}
