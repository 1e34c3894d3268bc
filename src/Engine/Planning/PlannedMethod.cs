namespace ComodCluster.Engine.Planning;

/// <summary>The ways whose costs are told.</summary>
public enum PlannedMethod
{
    Readout,
    Comodulation,

    /// <summary>All weights of the network.</summary>
    Full,
}
