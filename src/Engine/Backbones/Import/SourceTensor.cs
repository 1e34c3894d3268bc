namespace ComodCluster.Engine.Backbones.Import;

/// <summary>An array of a weights file of whatever kind.</summary>
/// <param name="Name">As the file has it.</param>
/// <param name="Read">Its elements, row-major, little-endian: a view of the file where they lie there like this.</param>
internal sealed record SourceTensor(
    string Name,
    ElementType Type,
    IReadOnlyList<long> Shape,
    Func<ReadOnlyMemory<byte>> Read
);
