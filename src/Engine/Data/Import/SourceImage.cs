using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Import;

/// <summary>One image of a source, not yet checked.</summary>
/// <param name="Name">The entry it comes from, for messages.</param>
/// <param name="Split">Train or test.</param>
/// <param name="Labels">One class index, or 0 or 1 per attribute.</param>
/// <param name="Encode">The encoded bytes; null if they are more than the limit.</param>
internal readonly record struct SourceImage(string Name, DatasetSplit Split, int[] Labels, Func<byte[]?> Encode);
