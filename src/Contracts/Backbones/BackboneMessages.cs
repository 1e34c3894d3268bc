using System.Text.Json.Serialization;

namespace ComodCluster.Contracts.Backbones;

/// <summary>Trains a small backbone from scratch on single objects at a random cell of a noise canvas (scenes or a data set's objects).</summary>
[GenerateSerializer, Alias("comod.TrainBackboneRequest")]
public sealed record TrainBackboneRequest
{
    /// <summary>Name under which the result is registered.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Name of a data set, or <c>scenes</c> for the built-in generator.</summary>
    [Id(1)] public required string Dataset { get; init; }

    [Id(2)] public string Architecture { get; init; } = "cifar-resnet";

    /// <summary>Channels of the first stage [16].</summary>
    [Id(3)] public int Width { get; init; } = 16;

    [Id(4)] public int Epochs { get; init; } = 8;
    [Id(5)] public int Batch { get; init; } = 128;
    [Id(6)] public int Seed { get; init; }

    /// <summary>Train images of each class that are left out, from the first on: the pool that tasks adapt from [1000 for data sets].</summary>
    [Id(7)] public int Skip { get; init; } = 1000;

    /// <summary>Images an epoch where the generator draws them [20000].</summary>
    [Id(8)] public int Drawn { get; init; } = 20000;

    /// <summary>Chosen by the client so that a repeated request starts nothing twice.</summary>
    [Id(9)] public string? JobId { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<BackbonePhase>))]
[GenerateSerializer, Alias("comod.BackbonePhase")]
public enum BackbonePhase
{
    [JsonStringEnumMemberName("training")] Training,
    [JsonStringEnumMemberName("ready")] Ready,
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("deleted")] Deleted,
}

[GenerateSerializer, Alias("comod.BackboneInfo")]
public sealed record BackboneInfo
{
    [Id(0)] public required string Uid { get; init; }
    [Id(1)] public required string Name { get; init; }
    [Id(2)] public required BackbonePhase Phase { get; init; }
    [Id(3)] public string? Architecture { get; init; }
    [Id(4)] public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Side of the input in pixels.</summary>
    [Id(5)] public int InputSize { get; init; }

    /// <summary>Encoder layers that a task may choose.</summary>
    [Id(6)] public IReadOnlyList<string> Cuts { get; init; } = [];

    /// <summary>Length of the decoder gain.</summary>
    [Id(7)] public int FeatureWidth { get; init; }
    [Id(8)] public long Parameters { get; init; }

    /// <summary>SHA-256 of the weights file, lower-case hexadecimal.</summary>
    [Id(9)] public string? Digest { get; init; }
    [Id(10)] public string? Notes { get; init; }
    [Id(11)] public string? Reason { get; init; }
    [Id(12)] public string? Job { get; init; }
    [Id(13)] public required DateTimeOffset Created { get; init; }
}
