using System.Text.Json.Serialization;

namespace ComodCluster.Api.Datasets;

[JsonConverter(typeof(JsonStringEnumConverter<LabelKind>))]
[GenerateSerializer, Alias("comod.LabelKind")]
public enum LabelKind
{
    [JsonStringEnumMemberName("classes")]
    Classes,

    [JsonStringEnumMemberName("attributes")]
    Attributes,
}
