namespace ComodCluster.Engine.Data.Import;

/// <summary>A file and the name of its class.</summary>
internal readonly record struct LabelledFile(string Path, string Class);
