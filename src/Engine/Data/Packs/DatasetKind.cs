using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Data.Packs;

/// <summary>What an image's labels mean.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DatasetKind>))]
public enum DatasetKind
{
    /// <summary>One label: the index of the image's class.</summary>
    [JsonStringEnumMemberName("classes")]
    Classes,

    /// <summary>One label, 0 or 1, per attribute.</summary>
    [JsonStringEnumMemberName("attributes")]
    Attributes,
}
