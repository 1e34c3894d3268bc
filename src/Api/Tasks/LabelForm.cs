using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

/// <summary>What becomes of the covariance a of a unit that goes down where the modulator goes up, before it becomes the decoder gain.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LabelForm>))]
[GenerateSerializer, Alias("comod.LabelForm")]
public enum LabelForm
{
    /// <summary>max(a, 0): the unit is not relevant.</summary>
    [JsonStringEnumMemberName("rectified")] Rectified,

    /// <summary>|a|: it is as relevant as one that goes up.</summary>
    [JsonStringEnumMemberName("absolute")] Absolute,
}
