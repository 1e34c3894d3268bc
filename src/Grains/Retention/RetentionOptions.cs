namespace ComodCluster.Grains.Retention;

/// <summary>How long the catalog keeps what nothing needs any more.</summary>
public sealed class RetentionOptions
{
    /// <summary>Of deleted tasks, with their versions, data sets and backbones: since they were deleted.</summary>
    public TimeSpan DeletedObjects { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Of jobs that nothing living came of: since they ended.</summary>
    public TimeSpan FinishedJobs { get; set; } = TimeSpan.FromDays(30);
}
