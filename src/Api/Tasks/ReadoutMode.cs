using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

/// <summary>How a task uses its readout (docs/method.md#readouts).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReadoutMode>))]
[GenerateSerializer, Alias("comod.ReadoutMode")]
public enum ReadoutMode
{
    /// <summary>Rows of the backbone's own head, fixed: the task's classes must be classes of the backbone.</summary>
    [JsonStringEnumMemberName("head")]
    Head,

    /// <summary>New classes, which the backbone does not know: regression, adaptation, refit.</summary>
    [JsonStringEnumMemberName("own")]
    Own,
}
