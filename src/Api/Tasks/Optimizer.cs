using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

[JsonConverter(typeof(JsonStringEnumConverter<Optimizer>))]
[GenerateSerializer, Alias("comod.Optimizer")]
public enum Optimizer
{
    [JsonStringEnumMemberName("adam")] Adam,

    /// <summary>Gradient descent with momentum 0.9.</summary>
    [JsonStringEnumMemberName("momentum")] Momentum,
}
