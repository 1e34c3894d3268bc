using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Tasks;

[JsonConverter(typeof(JsonStringEnumConverter<GainForm>))]
public enum GainForm
{
    /// <summary>exp(c m)</summary>
    Exponential,

    /// <summary>max(0, 1 + c m)</summary>
    Rectified,

    /// <summary>|1 + c m|</summary>
    Absolute,
}
