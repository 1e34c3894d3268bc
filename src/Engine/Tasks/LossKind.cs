using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Tasks;

[JsonConverter(typeof(JsonStringEnumConverter<LossKind>))]
public enum LossKind
{
    /// <summary>Softmax cross-entropy.</summary>
    Classes,

    /// <summary>Mean binary cross-entropy of independent attributes.</summary>
    Attributes,
}
