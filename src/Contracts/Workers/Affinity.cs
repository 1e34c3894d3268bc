namespace ComodCluster.Contracts.Workers;

/// <summary>
/// What a task shares with others on a worker: <c>{tenant}/{backbone}/{dataset}</c>. Names cannot change while a task
/// needs them.
/// </summary>
public readonly record struct Affinity(TenantName Tenant, string Backbone, string Dataset)
{
    public override string ToString() => $"{Tenant}/{Backbone}/{Dataset}";
}
