namespace ComodCluster.Api.Datasets;

/// <summary>A folder that is part of a split.</summary>
[GenerateSerializer, Alias("comod.ImportPart")]
public sealed record ImportPart
{
    /// <summary>Its name; after <c>*/</c> where each class has it.</summary>
    [Id(0)]
    public required string Folder { get; init; }

    /// <summary><c>train</c> or <c>test</c>: what its images are used for.</summary>
    [Id(1)]
    public required string Split { get; init; }

    /// <summary>Images in it, also such as are left out.</summary>
    [Id(2)]
    public required int Images { get; init; }
}
