namespace ComodCluster.Lab.Chaos.Histories;

/// <summary>What is done to a task, or read of it.</summary>
internal enum TaskVerb
{
    /// <summary>An adaptation is accepted.</summary>
    Adapt,

    /// <summary>A job ends and leaves a version, which becomes the active one if the one of its start still
    /// is.</summary>
    End,

    Activate,

    /// <summary>The active version is read: by a prediction, or of the task.</summary>
    ReadActive,

    /// <summary>The versions are counted.</summary>
    ReadCount,
}
