namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>How many rows and runs go together.</summary>
internal static class Tile
{
    /// <summary>Rows of a tile: two of each run.</summary>
    public const int Rows = 16;

    /// <summary>Runs that advance together; row = part * 8 + run.</summary>
    public const int Lanes = 8;

    /// <summary>Rows of one run in a tile: the size of a batch.</summary>
    public const int Batch = Rows / Lanes;
}
