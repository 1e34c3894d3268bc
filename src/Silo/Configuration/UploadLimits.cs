using System.ComponentModel.DataAnnotations;

namespace ComodCluster.Silo.Configuration;

/// <summary>Section <c>Comod:Uploads</c>: the largest bodies.</summary>
public sealed record UploadLimits
{
    public const string Section = $"{SiloOptions.Section}:{nameof(SiloOptions.Uploads)}";

    /// <summary>A message between silos, which every silo of a cluster must take.</summary>
    public const int MessageBytes = 100 << 20;

    /// <summary>Leaves room in a message for what is around the images.</summary>
    private const double MostPredictBytes = 100_000_000;

    /// <summary>Largest archive of a data set.</summary>
    [Range(1, double.PositiveInfinity)]
    public long ArchiveBytes { get; init; } = 4L << 30;

    /// <summary>
    /// Free space of the disk that uploads leave to checkpoints and records; what would take it is refused with 507.
    /// </summary>
    [Range(0, double.PositiveInfinity)]
    [Takes("bytes", Default = "a twentieth of the disk, 1 to 10 GiB and at most a tenth of the disk")]
    public long? LeaveFreeBytes { get; init; }

    /// <summary>Largest weights file.</summary>
    [Range(1, double.PositiveInfinity)]
    public long WeightsBytes { get; init; } = 1L << 30;

    /// <summary>Largest body of one prediction: at most what a message between silos carries.</summary>
    [Range(1, MostPredictBytes)]
    public long PredictBytes { get; init; } = (long)MostPredictBytes;
}
