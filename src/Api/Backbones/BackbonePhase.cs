using System.Text.Json.Serialization;

namespace ComodCluster.Api.Backbones;

[JsonConverter(typeof(JsonStringEnumConverter<BackbonePhase>))]
[GenerateSerializer, Alias("comod.BackbonePhase")]
public enum BackbonePhase
{
    [JsonStringEnumMemberName("training")]
    Training,

    [JsonStringEnumMemberName("ready")]
    Ready,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("deleted")]
    Deleted,

    /// <summary>It ships with the silo, and nobody has used it yet: who names it gets it. Never stored.</summary>
    [JsonStringEnumMemberName("available")]
    Available,
}
