using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Grains.Jobs;

/// <summary>How a repeated request is told from another one.</summary>
internal static class JobRequests
{
    /// <summary>Whether both ask for the same: what the server adds to a request does not count.</summary>
    public static bool AskTheSame(JobSpec one, JobSpec other) => Asked(one) == Asked(other);

    private static string Asked(JobSpec spec) => CatalogJson.Write(spec with
    {
        ActiveVersionAtStart = 0,
        Adapt = spec.Adapt is { } adapt ? adapt with { Id = null } : null,
        Train = spec.Train is { } train ? train with { JobId = null } : null,
    });
}
