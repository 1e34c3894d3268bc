namespace ComodCluster.Silo.Backbones;

/// <summary>What comes with a weights file.</summary>
public sealed record BackboneUpload
{
    /// <summary>For weights without this project's metadata.</summary>
    public string? Architecture { get; init; }

    /// <summary>Classes of the head, for weights without this project's metadata.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>SHA-256 that the file must have, lower-case hexadecimal; null: not checked.</summary>
    public string? Digest { get; init; }
}
