namespace ComodCluster.Engine.Planning;

/// <summary>What is known of a task before any adaptation.</summary>
public sealed record TaskPlan
{
    /// <summary>The score that ranks the cuts, by its name.</summary>
    public const string RankedBy = "measured";

    /// <summary>Training images of the task; at most the settings' examples.</summary>
    public required int Examples { get; init; }

    /// <summary>Training images that were looked at.</summary>
    public required int Images { get; init; }

    /// <summary>How many of the images gradients and steps were computed on.</summary>
    public required int StepImages { get; init; }

    /// <summary>
    /// Share of the images that the backbone's own head, as it is, gets right; null for a task with a readout of its
    /// own.
    /// </summary>
    public required Interval? HeadAccuracy { get; init; }

    /// <summary>Accuracy of always answering the most frequent class; with attributes the mean over them.</summary>
    public required double ChanceAccuracy { get; init; }

    /// <summary>From the input on.</summary>
    public required IReadOnlyList<CutPlan> Cuts { get; init; }

    public required SigmaPlan Sigma { get; init; }

    public required CurvePlan Curve { get; init; }

    public required IReadOnlyList<CostPlan> Costs { get; init; }

    public required Recommendation Recommendation { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Device-seconds that the plan itself took.</summary>
    public required double DeviceSeconds { get; init; }
}
