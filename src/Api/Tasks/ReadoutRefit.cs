using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

/// <summary>
/// How the readout of new classes is fitted once the couplings are trained (docs/method.md#readouts, step 3).
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReadoutRefit>))]
[GenerateSerializer, Alias("comod.ReadoutRefit")]
public enum ReadoutRefit
{
    /// <summary>Plain or with the prior, whichever is better on held-out images.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>All units have the same prior.</summary>
    [JsonStringEnumMemberName("plain")]
    Plain,

    /// <summary>The decoder gain is the prior variance of a unit's weights.</summary>
    [JsonStringEnumMemberName("prior")]
    Prior,

    /// <summary>Not at all: the readout that was trained along with the couplings stays.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
