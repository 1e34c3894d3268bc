namespace ComodCluster.Api.Cluster;

/// <summary>Raises the format that the cluster writes.</summary>
public sealed record FormatRequest
{
    public required int Format { get; init; }

    /// <summary>Only says whether it would be done.</summary>
    public bool DryRun { get; init; }
}
