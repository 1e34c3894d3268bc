namespace ComodCluster.Engine.Data.Packs;

/// <summary>Images of one split: altogether, and per class (or per attribute: those that have it).</summary>
public sealed record SplitCounts(int Images, IReadOnlyList<int> PerName);
