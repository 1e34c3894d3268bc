namespace ComodCluster.Grains.Jobs;

public enum JobEvent
{
    /// <summary>A run of the job began, for the first time or again after its process ended.</summary>
    Begin,

    Pause,

    /// <summary>A user lets a paused job go on.</summary>
    Resume,

    /// <summary>A user wants it to end.</summary>
    Cancel,

    Succeed,

    Fail,

    /// <summary>The run ended because a user wanted it to.</summary>
    Stopped,
}
