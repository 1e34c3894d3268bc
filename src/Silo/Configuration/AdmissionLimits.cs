using System.ComponentModel.DataAnnotations;

namespace ComodCluster.Silo.Configuration;

/// <summary>
/// Section <c>Comod:Admission</c>: what a gateway lets in at once, the rest is refused with 429; and how fast a body
/// must come.
/// </summary>
public sealed record AdmissionLimits
{
    public const string Section = $"{SiloOptions.Section}:{nameof(SiloOptions.Admission)}";

    /// <summary>Predictions in flight, each from the time when its body is there.</summary>
    [Range(1, int.MaxValue)]
    public int Predictions { get; init; } = 512;

    /// <summary>Predictions of one task in flight, each from the time when its body is there.</summary>
    [Range(1, int.MaxValue)]
    public int PredictionsPerTask { get; init; } = 256;

    /// <summary>Uploads in flight, each from the time when its first 64 KiB are there.</summary>
    [Range(1, int.MaxValue)]
    public int Uploads { get; init; } = 16;

    /// <summary>
    /// Where all places for uploads are taken, the slowest one below this rate gives its place to one that comes.
    /// </summary>
    [Range(1, double.PositiveInfinity)]
    public double UploadBytesPerSecond { get; init; } = 1_000_000;

    /// <summary>
    /// Bodies held in memory at once, uploads not counted: they go to the disk. At least the largest body of one
    /// prediction.
    /// </summary>
    [Takes(
        "bytes, at least Comod:Uploads:PredictBytes",
        Default = "a sixteenth of the memory that the process may use, at least `Comod:Uploads:PredictBytes`"
    )]
    public long? BodyBytes { get; init; }

    /// <summary>Least rate at which a body must come after the grace; a slower one is refused with 408.</summary>
    [Range(1, double.PositiveInfinity)]
    public double BodyBytesPerSecond { get; init; } = 16_000;

    /// <summary>How long a body may be waited for beyond the time that it takes at the least rate.</summary>
    [Range(0.001, 3600.0)]
    public double BodyGraceSeconds { get; init; } = 5;

    /// <summary>How long a body that is held in memory may be waited for in all; one that is slower is refused with
    /// 408.</summary>
    [Range(0.001, 3600.0)]
    public double BodySeconds { get; init; } = 60;

    /// <summary>Jobs that wait on all workers together; further ones are refused.</summary>
    [Range(1, int.MaxValue)]
    public int WaitingJobs { get; init; } = 10_000;
}
