using ComodCluster.Engine.Data.Archives;

namespace ComodCluster.Engine.Data.Import;

/// <summary>What an import made of its source.</summary>
public sealed record SourceReport
{
    public required SourceLayout Layout { get; init; }

    /// <summary>Folders that are parts of a split; empty where there is none.</summary>
    public IReadOnlyList<SourcePart> Parts { get; init; } = [];

    /// <summary>Whether the test images were chosen among all.</summary>
    public bool HeldOut { get; init; }

    /// <summary>Files that are no images of the data set: text beside them, what systems add, folders left
    /// out.</summary>
    public NameSample Ignored { get; init; } = new();

    /// <summary>Images that cannot be used, with the reason.</summary>
    public NameSample Skipped { get; init; } = new();

    /// <summary>What else was decided, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
