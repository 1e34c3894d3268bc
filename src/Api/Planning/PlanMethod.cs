using System.Text.Json.Serialization;

namespace ComodCluster.Api.Planning;

[JsonConverter(typeof(JsonStringEnumConverter<PlanMethod>))]
[GenerateSerializer, Alias("comod.PlanMethod")]
public enum PlanMethod
{
    [JsonStringEnumMemberName("readout")]
    Readout,

    [JsonStringEnumMemberName("comodulation")]
    Comodulation,

    /// <summary>All weights of the network, for comparison.</summary>
    [JsonStringEnumMemberName("full")]
    Full,
}
