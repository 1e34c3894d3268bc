namespace ComodCluster.Grains.Tasks;

public enum TaskEvent
{
    /// <summary>A job was accepted.</summary>
    AdaptStarted,

    /// <summary>The job appended versions.</summary>
    AdaptSucceeded,

    AdaptFailed,

    AdaptCancelled,

    Delete,
}
