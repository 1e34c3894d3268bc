namespace ComodCluster.Engine.Data.Archives;

/// <summary>One file, directory or link of a tar.</summary>
/// <param name="Name">As stored, decoded, perhaps with a slash at its end.</param>
/// <param name="Kind">A directory, a file, or something else that no data set has.</param>
/// <param name="Length">Bytes of the content, which follows in the stream.</param>
internal readonly record struct TarEntry(string Name, TarKind Kind, long Length);
