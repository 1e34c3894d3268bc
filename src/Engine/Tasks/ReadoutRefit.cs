using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Tasks;

/// <summary>How the readout of new classes is fitted once the couplings are trained.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReadoutRefit>))]
public enum ReadoutRefit
{
    /// <summary>Plain or with the prior, whichever is better on held-out images.</summary>
    Auto,

    /// <summary>All units have the same prior.</summary>
    Plain,

    /// <summary>The decoder gain is the prior variance of a unit's weights.</summary>
    Prior,

    /// <summary>Not at all: the readout that was trained along stays.</summary>
    None,
}
