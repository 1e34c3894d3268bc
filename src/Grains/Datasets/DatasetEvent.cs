namespace ComodCluster.Grains.Datasets;

public enum DatasetEvent
{
    Imported,
    ImportFailed,

    /// <summary>The same name is given another try after a failed import.</summary>
    ImportAgain,
    Delete,
}
