using System.Text.Json.Serialization;

namespace ComodCluster.Api.Datasets;

[JsonConverter(typeof(JsonStringEnumConverter<DatasetSourceKind>))]
[GenerateSerializer, Alias("comod.DatasetSourceKind")]
public enum DatasetSourceKind
{
    /// <summary>An archive that was uploaded.</summary>
    [JsonStringEnumMemberName("upload")]
    Upload,

    /// <summary>Canvases of an inspection line, drawn by the built-in generator.</summary>
    [JsonStringEnumMemberName("scenes")]
    Scenes,

    /// <summary>Canvases composed from the images of another data set.</summary>
    [JsonStringEnumMemberName("clutter")]
    Clutter,
}
