using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Workers;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using ComodCluster.Grains.Workers;

namespace ComodCluster.Grains.Tasks;

/// <summary>Tasks of one backbone and one data set meet on a worker.</summary>
internal sealed class TaskAffinity : IAffinitySource
{
    public ObjectKind Kind => ObjectKind.Task;

    public Affinity Of(ObjectRow row) =>
        Of(new(row.Tenant), CatalogJson.Read<StoredTask>(row.Payload, row.Schema).Info.Spec);

    public static Affinity Of(TenantName tenant, TaskSpec spec) => new(tenant, spec.Backbone, spec.Dataset);
}
