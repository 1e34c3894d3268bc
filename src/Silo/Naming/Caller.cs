using ComodCluster.Contracts;

namespace ComodCluster.Silo.Naming;

/// <summary>Who asks. Everything that a request may see and change is its tenant's.</summary>
public readonly record struct Caller(TenantName Tenant)
{
    /// <summary>The process itself: what its configuration names.</summary>
    public static Caller Silo { get; } = new(TenantName.Default);

    /// <summary>The one place that knows whose request it is.</summary>
    public static Caller Of(HttpContext context) => new(TenantName.Default);

    /// <summary>For parameters of handlers.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));
}
