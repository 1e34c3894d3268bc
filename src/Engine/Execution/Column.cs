namespace ComodCluster.Engine.Execution;

/// <summary>What a slot holds. For each trained column its Adam moments follow, and the best snapshot so far.</summary>
public enum Column
{
    U,
    V,
    W,
    B,
    G,
    UFirst,
    VFirst,
    WFirst,
    BFirst,
    GFirst,
    USecond,
    VSecond,
    WSecond,
    BSecond,
    GSecond,
    UBest,
    VBest,
    WBest,
    BBest,
    GBest,
    Tau,
}
