namespace ComodCluster.Engine.Execution;

/// <summary>What the predictor did with its turn.</summary>
internal enum PredictTurn
{
    /// <summary>Nothing waits.</summary>
    Idle,

    /// <summary>A batch is filling up and will run within milliseconds: nothing else may start now.</summary>
    Filling,

    /// <summary>A batch was run.</summary>
    Ran,
}
