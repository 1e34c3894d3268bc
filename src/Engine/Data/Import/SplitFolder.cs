using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Import;

/// <summary>A part of a split with its files.</summary>
internal sealed record SplitFolder(string Name, DatasetSplit Split, IReadOnlyList<LabelledFile> Files);
