using System.Text.Json.Serialization;

namespace ComodCluster.Contracts.Datasets;

[JsonConverter(typeof(JsonStringEnumConverter<DatasetSourceKind>))]
[GenerateSerializer, Alias("comod.DatasetSourceKind")]
public enum DatasetSourceKind
{
    /// <summary>An archive that was uploaded.</summary>
    [JsonStringEnumMemberName("upload")] Upload,

    /// <summary>Canvases of an inspection line, drawn by the built-in generator.</summary>
    [JsonStringEnumMemberName("scenes")] Scenes,

    /// <summary>Canvases composed from the images of another data set.</summary>
    [JsonStringEnumMemberName("clutter")] Clutter,
}

/// <summary>Canvases of 3x3 cells of 16x16 pixels: an object of one of the classes at the station, any objects elsewhere.</summary>
[GenerateSerializer, Alias("comod.CanvasSpec")]
public sealed record CanvasSpec
{
    /// <summary>At least two classes of the objects.</summary>
    [Id(0)] public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Cell of the relevant object, 0 to 8, row by row.</summary>
    [Id(1)] public required int Station { get; init; }
    [Id(2)] public int Train { get; init; } = 400;
    [Id(3)] public int Test { get; init; } = 600;
    [Id(4)] public int Seed { get; init; }
}

[GenerateSerializer, Alias("comod.DatasetSource")]
public sealed record DatasetSource
{
    [Id(0)] public required DatasetSourceKind Kind { get; init; }

    /// <summary>Digest of the uploaded archive; set by the server.</summary>
    [Id(1)] public string? Blob { get; init; }

    /// <summary>For <see cref="DatasetSourceKind.Scenes"/> and <see cref="DatasetSourceKind.Clutter"/>.</summary>
    [Id(2)] public CanvasSpec? Canvas { get; init; }

    /// <summary>Name of the data set whose images are composed; for <see cref="DatasetSourceKind.Clutter"/>.</summary>
    [Id(3)] public string? From { get; init; }

    /// <summary>Seed of the held-out fifth where an uploaded archive has no test split.</summary>
    [Id(4)] public int Seed { get; init; }
}

[GenerateSerializer, Alias("comod.DatasetSpec")]
public sealed record DatasetSpec
{
    [Id(0)] public required string Name { get; init; }
    [Id(1)] public required DatasetSource Source { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<DatasetPhase>))]
[GenerateSerializer, Alias("comod.DatasetPhase")]
public enum DatasetPhase
{
    [JsonStringEnumMemberName("importing")] Importing,
    [JsonStringEnumMemberName("ready")] Ready,
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("deleted")] Deleted,
}

[JsonConverter(typeof(JsonStringEnumConverter<LabelKind>))]
[GenerateSerializer, Alias("comod.LabelKind")]
public enum LabelKind
{
    [JsonStringEnumMemberName("classes")] Classes,
    [JsonStringEnumMemberName("attributes")] Attributes,
}

[GenerateSerializer, Alias("comod.DatasetInfo")]
public sealed record DatasetInfo
{
    [Id(0)] public required string Uid { get; init; }
    [Id(1)] public required string Name { get; init; }
    [Id(2)] public required DatasetPhase Phase { get; init; }
    [Id(3)] public required DatasetSource Source { get; init; }
    [Id(4)] public LabelKind? Labels { get; init; }

    /// <summary>Names of the classes or attributes; empty until imported.</summary>
    [Id(5)] public IReadOnlyList<string> Classes { get; init; } = [];
    [Id(6)] public int TrainImages { get; init; }
    [Id(7)] public int TestImages { get; init; }
    [Id(8)] public long Bytes { get; init; }
    [Id(9)] public string? Digest { get; init; }
    [Id(10)] public string? Reason { get; init; }

    /// <summary>The job that imports or imported it.</summary>
    [Id(11)] public required string Job { get; init; }
    [Id(12)] public required DateTimeOffset Created { get; init; }
}

/// <summary>How an import ended; called by its job.</summary>
[GenerateSerializer, Alias("comod.ImportOutcome")]
public sealed record ImportOutcome
{
    [Id(0)] public required string Job { get; init; }
    [Id(1)] public string? Digest { get; init; }
    [Id(2)] public LabelKind? Labels { get; init; }
    [Id(3)] public IReadOnlyList<string> Classes { get; init; } = [];
    [Id(4)] public int TrainImages { get; init; }
    [Id(5)] public int TestImages { get; init; }
    [Id(6)] public long Bytes { get; init; }
    [Id(7)] public Jobs.JobError? Error { get; init; }
}
