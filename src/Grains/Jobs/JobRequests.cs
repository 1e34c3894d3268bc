using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Grains.Jobs;

/// <summary>How a repeated request is told from another one.</summary>
internal static class JobRequests
{
    /// <summary>Whether both are one job that asks for the same.</summary>
    public static bool AskTheSame(JobSpec one, JobSpec other) =>
        (one.Key, one.Kind, one.SubjectUid, one.Subject) == (other.Key, other.Kind, other.SubjectUid, other.Subject)
        && CatalogJson.Write(one.Payload.Asked) == CatalogJson.Write(other.Payload.Asked);
}
