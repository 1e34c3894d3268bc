using System.Text.Json;
using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Data;

public enum DatasetSplit : byte
{
    Train = 0,
    Test = 1,
}

/// <summary>What an image's labels mean.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DatasetKind>))]
public enum DatasetKind
{
    /// <summary>One label: the index of the image's class.</summary>
    [JsonStringEnumMemberName("classes")] Classes,

    /// <summary>One label, 0 or 1, per attribute.</summary>
    [JsonStringEnumMemberName("attributes")] Attributes,
}

/// <summary>Smallest and largest sides of a data set's images, in pixels, upright.</summary>
public sealed record ImageSizes(int MinWidth, int MinHeight, int MaxWidth, int MaxHeight)
{
    [JsonIgnore]
    public bool Uniform => MinWidth == MaxWidth && MinHeight == MaxHeight;
}

/// <summary>Images of one split: altogether, and per class (or per attribute: those that have it).</summary>
public sealed record SplitCounts(int Images, IReadOnlyList<int> PerName);

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
