using ComodCluster.Api.Tasks;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>A value of a factor other than that of the reference form.</summary>
internal sealed record StudyValue(string Name, Func<MethodOptions, MethodOptions> Change)
{
    public ReadoutMode? Readout { get; init; }

    /// <summary>Its place on a curve, where it has one.</summary>
    public double X { get; init; }
}
