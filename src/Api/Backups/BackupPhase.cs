using System.Text.Json.Serialization;

namespace ComodCluster.Api.Backups;

[JsonConverter(typeof(JsonStringEnumConverter<BackupPhase>))]
public enum BackupPhase
{
    /// <summary>Copies the catalog, as it is at one moment.</summary>
    [JsonStringEnumMemberName("catalog")]
    Catalog,

    /// <summary>Copies the files that the catalog names.</summary>
    [JsonStringEnumMemberName("blobs")]
    Blobs,

    /// <summary>It can be restored.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>It cannot be restored; earlier ones can.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
