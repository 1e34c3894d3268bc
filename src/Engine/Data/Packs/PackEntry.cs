namespace ComodCluster.Engine.Data.Packs;

/// <summary>One image of a pack.</summary>
/// <param name="Index">Place in the pack.</param>
/// <param name="Split">Train or test.</param>
/// <param name="Labels">One class index, or 0 or 1 per attribute.</param>
/// <param name="Width">Width of the upright picture, pixels.</param>
/// <param name="Height">Height of the upright picture, pixels.</param>
/// <param name="Length">Encoded bytes.</param>
/// <param name="Sha256">SHA-256 of the encoded bytes, lower-case hex.</param>
public sealed record PackEntry(
    int Index,
    DatasetSplit Split,
    int[] Labels,
    int Width,
    int Height,
    int Length,
    string Sha256
);
