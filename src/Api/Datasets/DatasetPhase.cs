using System.Text.Json.Serialization;

namespace ComodCluster.Api.Datasets;

[JsonConverter(typeof(JsonStringEnumConverter<DatasetPhase>))]
[GenerateSerializer, Alias("comod.DatasetPhase")]
public enum DatasetPhase
{
    [JsonStringEnumMemberName("importing")]
    Importing,

    [JsonStringEnumMemberName("ready")]
    Ready,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("deleted")]
    Deleted,
}
