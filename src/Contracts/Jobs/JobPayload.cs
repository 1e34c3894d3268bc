using ComodCluster.Api.Jobs;

namespace ComodCluster.Contracts.Jobs;

/// <summary>What a job of one kind is asked to do.</summary>
public abstract record JobPayload
{
    public abstract JobKind Kind { get; }

    /// <summary>-100 to 100: of the tenant's jobs that wait, those of higher priority begin first.</summary>
    public virtual int Priority => 0;

    /// <summary>
    /// The request without what the server adds and what tells one sending of it from another: jobs that ask for the
    /// same have the same text of it.
    /// </summary>
    public abstract object Asked { get; }
}
