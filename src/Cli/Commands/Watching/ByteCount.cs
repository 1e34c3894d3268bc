namespace ComodCluster.Cli.Commands.Watching;

/// <summary>Bytes that were moved, and all that are to be, where that is known.</summary>
internal readonly record struct ByteCount(long Moved, long? Total);
