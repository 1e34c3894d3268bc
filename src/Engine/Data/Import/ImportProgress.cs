namespace ComodCluster.Engine.Data.Import;

/// <summary>How far an import is.</summary>
/// <param name="Images">Images checked and packed.</param>
/// <param name="Total">Images of the data set.</param>
/// <param name="Bytes">Encoded bytes packed.</param>
public readonly record struct ImportProgress(int Images, int Total, long Bytes);
