using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

[JsonConverter(typeof(JsonStringEnumConverter<VersionPhase>))]
[GenerateSerializer, Alias("comod.VersionPhase")]
public enum VersionPhase
{
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>Failed the gate; can still be activated by hand.</summary>
    [JsonStringEnumMemberName("rejected")]
    Rejected,

    /// <summary>Measured and kept, and never activated: its state is as large as the network.</summary>
    [JsonStringEnumMemberName("comparison")]
    Comparison,
}
