using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

[JsonConverter(typeof(JsonStringEnumConverter<GainForm>))]
[GenerateSerializer, Alias("comod.GainForm")]
public enum GainForm
{
    /// <summary>exp(c m)</summary>
    [JsonStringEnumMemberName("exponential")]
    Exponential,

    /// <summary>max(0, 1 + c m)</summary>
    [JsonStringEnumMemberName("rectified")]
    Rectified,

    /// <summary>|1 + c m|</summary>
    [JsonStringEnumMemberName("absolute")]
    Absolute,
}
