using ComodCluster.Contracts.Jobs;

namespace ComodCluster.Grains.Jobs;

/// <summary>Primary key of a job.</summary>
public readonly record struct JobKey(string Tenant, string Id)
{
    public static JobKey Of(JobSpec spec) => new(spec.Tenant, spec.Id);
}
