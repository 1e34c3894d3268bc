using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

/// <summary>Values of the removed setting labelForm.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LabelForm>))]
[GenerateSerializer, Alias("comod.LabelForm")]
internal enum LabelForm
{
    [JsonStringEnumMemberName("rectified")]
    Rectified,

    [JsonStringEnumMemberName("absolute")]
    Absolute,
}
