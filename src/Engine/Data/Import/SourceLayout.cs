namespace ComodCluster.Engine.Data.Import;

/// <summary>How a source says which image has which labels.</summary>
public enum SourceLayout
{
    /// <summary>A folder for each class; a share of each class is held out for the test.</summary>
    Classes,

    /// <summary>Folders for training and test, with a folder for each class in each; or the other way round.</summary>
    Split,

    /// <summary>CIFAR-10's or CIFAR-100's binary files.</summary>
    Cifar,

    /// <summary>CelebA's images and lists.</summary>
    CelebA,
}
