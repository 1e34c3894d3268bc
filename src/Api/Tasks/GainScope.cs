using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

/// <summary>Values of the removed setting gainPer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GainScope>))]
[GenerateSerializer, Alias("comod.GainScope")]
internal enum GainScope
{
    [JsonStringEnumMemberName("task")]
    Task,

    [JsonStringEnumMemberName("class")]
    Class,
}
