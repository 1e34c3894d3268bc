using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

[JsonConverter(typeof(JsonStringEnumConverter<GatePolicy>))]
[GenerateSerializer, Alias("comod.GatePolicy")]
public enum GatePolicy
{
    /// <summary>
    /// A version that is worse than the base by more than one standard error is kept but not activated.
    /// </summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>One stratified quarter for early stopping, no gate (the demo and docs/method.md#protocols).</summary>
    [JsonStringEnumMemberName("off")]
    Off,
}
