using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

/// <summary>What has a decoder gain of its own.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GainScope>))]
[GenerateSerializer, Alias("comod.GainScope")]
public enum GainScope
{
    /// <summary>One gain, from all images.</summary>
    [JsonStringEnumMemberName("task")] Task,

    /// <summary>One gain per class, from the images of that class.</summary>
    [JsonStringEnumMemberName("class")] Class,
}
