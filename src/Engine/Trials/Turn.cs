namespace ComodCluster.Engine.Trials;

/// <summary>What a coroutine of the device thread did with its turn.</summary>
internal enum Turn
{
    /// <summary>A piece of work about the size of a batch.</summary>
    Worked,

    /// <summary>Nothing: its lanes are still being stepped.</summary>
    Waiting,

    /// <summary>Nothing: it waits for the host, which will wake the device thread.</summary>
    Sleeping,
}
