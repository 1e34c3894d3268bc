using ComodCluster.Api.Tasks;

namespace ComodCluster.Api.Planning;

/// <summary>
/// What is known of a task before any adaptation. Accuracies are shares of images that the readout or the step in
/// question has not seen.
/// </summary>
[GenerateSerializer, Alias("comod.PlanReport")]
public sealed record PlanReport
{
    [Id(0)]
    public required string Backbone { get; init; }

    [Id(1)]
    public required string Dataset { get; init; }

    [Id(2)]
    public required IReadOnlyList<string> Classes { get; init; }

    [Id(3)]
    public required ReadoutMode Readout { get; init; }

    /// <summary>Training images of the task, at most the options' examples.</summary>
    [Id(4)]
    public required int Examples { get; init; }

    /// <summary>How many of the examples were looked at.</summary>
    [Id(5)]
    public required int Images { get; init; }

    /// <summary>How many of the images gradients and steps were computed on.</summary>
    [Id(6)]
    public required int StepImages { get; init; }

    /// <summary>What the backbone's own head gets right, as it is; null for a readout of the task's own.</summary>
    [Id(7)]
    public PlanInterval? HeadAccuracy { get; init; }

    /// <summary>What always naming the most frequent class gets right.</summary>
    [Id(8)]
    public required double ChanceAccuracy { get; init; }

    /// <summary>Candidate cuts from the input on, with the scores of each in its own members.</summary>
    [Id(9)]
    public required IReadOnlyList<PlanCut> Cuts { get; init; }

    /// <summary>The score that ranks the cuts.</summary>
    [Id(10)]
    public required string RankedBy { get; init; }

    [Id(11)]
    public required PlanSigma Sigma { get; init; }

    [Id(12)]
    public required PlanCurve Curve { get; init; }

    [Id(13)]
    public required IReadOnlyList<PlanCost> Costs { get; init; }

    [Id(14)]
    public required PlanRecommendation Recommendation { get; init; }

    /// <summary>A sentence each.</summary>
    [Id(15)]
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Device-seconds that the plan itself took.</summary>
    [Id(16)]
    public required double DeviceSeconds { get; init; }

    [Id(17)]
    public required string Device { get; init; }

    /// <summary>Precision, batch rows and threads.</summary>
    [Id(18)]
    public required string Profile { get; init; }

    [Id(19)]
    public required int Seed { get; init; }
}
