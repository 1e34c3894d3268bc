using ComodCluster.Grains.Storage;

namespace ComodCluster.Silo.Configuration;

public sealed class RetentionSettingsValidator() : SectionValidator<RetentionSettings>(RetentionSettings.Section)
{
    private const double Most = 36_500;

    private static readonly TimeSpan Grace = new StorageOptions().BlobGrace;

    /// <summary>A record says where its blobs come from until they are collected: their grace, and time to
    /// sweep.</summary>
    private static readonly TimeSpan Least = 2 * Grace;

    private static string Fix =>
        $"take {Least.TotalDays:0} to {Most:0}, which is longer than the {Grace.TotalHours:0} hours that unused blobs "
        + "are kept";

    protected override IEnumerable<string> Faults(RetentionSettings options)
    {
        if (!IsKept(options.DeletedObjectsDays))
            yield return Refuse(options, nameof(options.DeletedObjectsDays), Fix);
        if (!IsKept(options.FinishedJobsDays))
            yield return Refuse(options, nameof(options.FinishedJobsDays), Fix);
    }

    private static bool IsKept(double days) => days >= Least.TotalDays && days <= Most;
}
