namespace ComodCluster.Engine.Data.Import;

/// <summary>A part of a split by its name.</summary>
internal enum SplitPart
{
    Train,
    Validation,
    Test,
}
