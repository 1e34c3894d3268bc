namespace ComodCluster.Api.Datasets;

/// <summary>How an uploaded archive is read, where that is not found out.</summary>
[GenerateSerializer, Alias("comod.ImportSettings")]
public sealed record ImportSettings
{
    /// <summary>Null: found out.</summary>
    [Id(0)]
    public ImportLayout? Layout { get; init; }

    /// <summary>Folder of the training part, by its path in the archive; null: by its name.</summary>
    [Id(1)]
    public string? Train { get; init; }

    /// <summary>Folder of the test part, by its path in the archive; null: by its name.</summary>
    [Id(2)]
    public string? Test { get; init; }

    /// <summary>Encoding of names and label files that are not Unicode, as <c>cp437</c> or <c>shift_jis</c>.</summary>
    [Id(3)]
    public string? Encoding { get; init; }

    /// <summary>Leaves out images that cannot be read; else they are refused.</summary>
    [Id(4)]
    public bool SkipUnreadable { get; init; }
}
