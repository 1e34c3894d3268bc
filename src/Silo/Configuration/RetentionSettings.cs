using ComodCluster.Grains.Retention;

namespace ComodCluster.Silo.Configuration;

/// <summary>Section <c>Comod:Retention</c>: how long the catalog keeps what nothing needs any more.</summary>
public sealed record RetentionSettings
{
    public const string Section = $"{SiloOptions.Section}:{nameof(SiloOptions.Retention)}";

    private static readonly RetentionOptions Defaults = new();

    /// <summary>Days that deleted tasks with their versions, data sets and backbones are kept as records.</summary>
    [Takes("2 to 36500")]
    public double DeletedObjectsDays { get; init; } = Defaults.DeletedObjects.TotalDays;

    /// <summary>
    /// Days that jobs are kept which nothing living came of: those that failed or were cancelled, and all of deleted
    /// objects. What succeeded stays as long as its object.
    /// </summary>
    [Takes("2 to 36500")]
    public double FinishedJobsDays { get; init; } = Defaults.FinishedJobs.TotalDays;

    /// <summary>Tells the retention what concerns it.</summary>
    public void ApplyTo(RetentionOptions retention) =>
        (retention.DeletedObjects, retention.FinishedJobs) = (
            TimeSpan.FromDays(DeletedObjectsDays),
            TimeSpan.FromDays(FinishedJobsDays)
        );
}
