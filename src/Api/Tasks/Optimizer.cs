using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

/// <summary>Values of the removed setting optimizer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Optimizer>))]
[GenerateSerializer, Alias("comod.Optimizer")]
internal enum Optimizer
{
    [JsonStringEnumMemberName("adam")]
    Adam,

    [JsonStringEnumMemberName("momentum")]
    Momentum,
}
