using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Import;

/// <summary>What an import wrote, and what it made of its source.</summary>
public sealed record ImportedDataset(DatasetManifest Manifest, SourceReport Report);
