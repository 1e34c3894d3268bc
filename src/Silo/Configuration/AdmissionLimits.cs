using System.ComponentModel.DataAnnotations;

namespace ComodCluster.Silo.Configuration;

/// <summary>
/// Section <c>Comod:Admission</c>: what a gateway lets in at once; the rest is refused with 429 before its body is
/// read.
/// </summary>
public sealed record AdmissionLimits
{
    public const string Section = $"{SiloOptions.Section}:{nameof(SiloOptions.Admission)}";

    /// <summary>Predictions in flight.</summary>
    [Range(1, int.MaxValue)]
    public int Predictions { get; init; } = 512;

    /// <summary>Predictions of one task in flight.</summary>
    [Range(1, int.MaxValue)]
    public int PredictionsPerTask { get; init; } = 256;

    /// <summary>Uploads in flight.</summary>
    [Range(1, int.MaxValue)]
    public int Uploads { get; init; } = 16;

    /// <summary>Jobs that wait on all workers together; further ones are refused.</summary>
    [Range(1, int.MaxValue)]
    public int WaitingJobs { get; init; } = 10_000;
}
