using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;

namespace ComodCluster.Grains.Jobs;

/// <summary>New jobs, and how a repeated request is told from another one.</summary>
internal static class JobRows
{
    /// <param name="format">Of the records.</param>
    public static JobRow New(JobSpec spec, DateTimeOffset now, int format)
    {
        var info = new JobInfo { Id = spec.Id, Kind = spec.Kind, Phase = JobPhase.Queued, Subject = spec.Subject, Progress = 0, Created = now };
        return new JobRow
        {
            Tenant = spec.Tenant,
            Id = spec.Id,
            Kind = CatalogJson.Name(spec.Kind),
            Phase = CatalogJson.Name(info.Phase),
            SubjectUid = spec.SubjectUid,
            Schema = format,
            Spec = CatalogJson.Write(spec),
            Info = CatalogJson.Write(info),
        };
    }

    /// <summary>Whether both ask for the same: what the server adds to a request does not count.</summary>
    public static bool AskTheSame(JobSpec one, JobSpec other) => Asked(one) == Asked(other);

    public static ComodException Conflict(string id) => ComodException.Conflict(ErrorCodes.JobConflict,
        $"There is a job '{id}' of another request; repeat that request unchanged, or take another id.");

    private static string Asked(JobSpec spec) => CatalogJson.Write(spec with
    {
        ActiveVersionAtStart = 0,
        Adapt = spec.Adapt is { } adapt ? adapt with { Id = null } : null,
        Train = spec.Train is { } train ? train with { JobId = null } : null,
    });
}
