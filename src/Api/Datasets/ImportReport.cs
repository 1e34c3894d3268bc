namespace ComodCluster.Api.Datasets;

/// <summary>What an import made of its archive.</summary>
[GenerateSerializer, Alias("comod.ImportReport")]
public sealed record ImportReport
{
    [Id(0)]
    public required ImportLayout Layout { get; init; }

    /// <summary>Folders that are parts of a split; empty where there is none.</summary>
    [Id(1)]
    public IReadOnlyList<ImportPart> Parts { get; init; } = [];

    /// <summary>Whether the test images were chosen among all, by the seed.</summary>
    [Id(2)]
    public bool HeldOut { get; init; }

    /// <summary>Files that are no images: text beside them, what systems add, folders that are left out.</summary>
    [Id(3)]
    public ImportFiles Ignored { get; init; } = new();

    /// <summary>Images that cannot be read and are left out, with the reason.</summary>
    [Id(4)]
    public ImportFiles Skipped { get; init; } = new();

    /// <summary>What else was decided, a sentence each.</summary>
    [Id(5)]
    public IReadOnlyList<string> Notes { get; init; } = [];
}
