using System.Text.Json.Serialization;

namespace ComodCluster.Api.Jobs;

[JsonConverter(typeof(JsonStringEnumConverter<JobKind>))]
[GenerateSerializer, Alias("comod.JobKind")]
public enum JobKind
{
    [JsonStringEnumMemberName("adapt")]
    Adapt,

    [JsonStringEnumMemberName("import")]
    Import,

    [JsonStringEnumMemberName("train")]
    Train,
}
