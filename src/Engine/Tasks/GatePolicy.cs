using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Tasks;

[JsonConverter(typeof(JsonStringEnumConverter<GatePolicy>))]
public enum GatePolicy
{
    /// <summary>
    /// From 64 examples on three parts (train, early stopping, gate), below that 4-fold cross-validation.
    /// </summary>
    Auto,

    /// <summary>One stratified quarter for early stopping, no gate.</summary>
    Off,
}
