using System.ComponentModel.DataAnnotations;

namespace ComodCluster.Silo.Configuration;

/// <summary>Section <c>Comod:Uploads</c>: the largest bodies.</summary>
public sealed record UploadLimits
{
    public const string Section = $"{SiloOptions.Section}:{nameof(SiloOptions.Uploads)}";

    /// <summary>Largest archive of a data set.</summary>
    [Range(1, double.PositiveInfinity)]
    public long ArchiveBytes { get; init; } = 4L << 30;

    /// <summary>Largest weights file.</summary>
    [Range(1, double.PositiveInfinity)]
    public long WeightsBytes { get; init; } = 1L << 30;

    /// <summary>Largest body of one prediction.</summary>
    [Range(1, double.PositiveInfinity)]
    public long PredictBytes { get; init; } = 128_000_000;
}
