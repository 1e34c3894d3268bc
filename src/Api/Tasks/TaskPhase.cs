using System.Text.Json.Serialization;

namespace ComodCluster.Api.Tasks;

[JsonConverter(typeof(JsonStringEnumConverter<TaskPhase>))]
[GenerateSerializer, Alias("comod.TaskPhase")]
public enum TaskPhase
{
    [JsonStringEnumMemberName("registered")]
    Registered,

    [JsonStringEnumMemberName("adapting")]
    Adapting,

    [JsonStringEnumMemberName("ready")]
    Ready,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("deleted")]
    Deleted,
}
