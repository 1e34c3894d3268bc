using ComodCluster.Api.Datasets;

namespace ComodCluster.Grains.Datasets;

/// <summary>Life cycle of a data set: imported once, then immutable.</summary>
public static class DatasetLifecycle
{
    /// <summary>The phase after an event; null where the event cannot happen.</summary>
    public static DatasetPhase? Next(DatasetPhase phase, DatasetEvent happening) =>
        (phase, happening) switch
        {
            (DatasetPhase.Deleted, _) => null,
            (_, DatasetEvent.Delete) => DatasetPhase.Deleted,
            (DatasetPhase.Importing, DatasetEvent.Imported) => DatasetPhase.Ready,
            (DatasetPhase.Importing, DatasetEvent.ImportFailed) => DatasetPhase.Failed,
            (DatasetPhase.Failed, DatasetEvent.ImportAgain) => DatasetPhase.Importing,
            _ => null,
        };
}
