using System.Text.Json;
using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Data.Packs;

/// <summary>What a pack holds; stored in the pack as UTF-8 JSON, all but the digest.</summary>
public sealed record DatasetManifest
{
    /// <summary>Version of the pack's layout.</summary>
    public required int Format { get; init; }

    public required DatasetKind Kind { get; init; }

    /// <summary>Class names by label, or attribute names by place.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Per class the name of its superclass, where the source has them (CIFAR-100); else null.</summary>
    public IReadOnlyList<string>? Superclasses { get; init; }

    public required SplitCounts Train { get; init; }

    public required SplitCounts Test { get; init; }

    /// <summary>Encoded bytes of all images.</summary>
    public required long ImageBytes { get; init; }

    /// <summary>Null in a pack without images.</summary>
    public required ImageSizes? Sizes { get; init; }

    /// <summary>Values per pixel that the decoder delivers.</summary>
    public required int Channels { get; init; }

    /// <summary>Where the images come from, in words.</summary>
    public required string Source { get; init; }

    /// <summary>SHA-256 of the pack up to its digest, lower-case hex. Equal imports have equal digests.</summary>
    [JsonIgnore]
    public string Digest { get; init; } = "";

    /// <summary>Images of both splits.</summary>
    [JsonIgnore]
    public int Images => Train.Images + Test.Images;

    public SplitCounts Counts(DatasetSplit split) => split == DatasetSplit.Train ? Train : Test;

    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);
}
