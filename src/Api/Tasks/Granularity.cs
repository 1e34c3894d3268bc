using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

[JsonConverter(typeof(JsonStringEnumConverter<Granularity>))]
[GenerateSerializer, Alias("comod.Granularity")]
public enum Granularity
{
    [JsonStringEnumMemberName("channel")]
    Channel,

    [JsonStringEnumMemberName("spatial")]
    Spatial,

    [JsonStringEnumMemberName("unit")]
    Unit,
}
