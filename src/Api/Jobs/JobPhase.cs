using System.Text.Json.Serialization;

namespace ComodCluster.Api.Jobs;

[JsonConverter(typeof(JsonStringEnumConverter<JobPhase>))]
[GenerateSerializer, Alias("comod.JobPhase")]
public enum JobPhase
{
    [JsonStringEnumMemberName("queued")]
    Queued,

    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("paused")]
    Paused,

    [JsonStringEnumMemberName("cancelling")]
    Cancelling,

    [JsonStringEnumMemberName("succeeded")]
    Succeeded,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
