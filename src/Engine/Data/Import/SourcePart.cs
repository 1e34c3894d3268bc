using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Import;

/// <summary>A folder that is part of a split.</summary>
/// <param name="Folder">Its path in the source.</param>
/// <param name="Split">What its images are used for.</param>
/// <param name="Images">Images in it, also such as are skipped.</param>
public sealed record SourcePart(string Folder, DatasetSplit Split, int Images);
