using ComodCluster.Api.Planning;
using ComodCluster.Api.Tasks;
using ComodCluster.Engine.Planning;
using ComodCluster.Grains.Tasks;

namespace ComodCluster.Grains.Planning;

/// <summary>The engine's plan as it crosses the wire.</summary>
internal static class PlanReports
{
    public static PlanReport Of(PlanRequest request, TaskInfo task, TaskPlan plan, string device, string profile) =>
        new()
        {
            Backbone = request.Backbone,
            Dataset = request.Dataset,
            Classes = task.Classes,
            Readout = task.Readout,
            Examples = plan.Examples,
            Images = plan.Images,
            StepImages = plan.StepImages,
            HeadAccuracy = plan.HeadAccuracy is { } head ? Of(head) : null,
            ChanceAccuracy = plan.ChanceAccuracy,
            Cuts =
            [
                .. plan.Cuts.Select(c => new PlanCut
                {
                    Cut = c.Cut.ToString(),
                    Rank = c.Rank,
                    LogMe = c.LogMe,
                    HScore = c.HScore,
                    Probe = Of(c.Probe),
                    Promised = Of(c.Promised),
                    Measured = Of(c.Measured),
                    Accuracy = Of(c.Accuracy),
                    Gained = Of(c.Gained),
                    PrefixBytes = c.PrefixBytes,
                }),
            ],
            RankedBy = TaskPlan.RankedBy,
            Sigma = new PlanSigma
            {
                Cut = plan.Sigma.Cut.ToString(),
                Bound = plan.Sigma.Bound,
                Safe = plan.Sigma.Safe,
                Limited = plan.Sigma.Limited,
                Explained = plan.Sigma.Explained,
                LargestCoupling = plan.Sigma.LargestCoupling,
                Points = [.. plan.Sigma.Points.Select(p => new PlanSigmaPoint(p.Sigma, p.Loss, p.Raised, p.Explained))],
            },
            Curve = new PlanCurve
            {
                Points = [.. plan.Curve.Sizes.Select(s => new PlanCurvePoint(s.Examples, Of(s.Accuracy)))],
                Exponent = plan.Curve.Exponent,
                Expected = Of(plan.Curve.Expected),
                Doubled = Of(plan.Curve.Doubled),
            },
            Costs =
            [
                .. plan.Costs.Select(c => new PlanCost
                {
                    // The enumerations of both sides have the same members in the same order.
                    Method = (PlanMethod)c.Method,
                    DeviceSeconds = c.DeviceSeconds,
                    PrefixBytes = c.PrefixBytes,
                    PrefixMissing = c.PrefixMissing,
                    StateBytes = c.StateBytes,
                    TrainedParameters = c.TrainedParameters,
                    Accuracy = c.Accuracy is { } known ? Of(known) : null,
                    Basis = c.Basis,
                    PointsPerSecond = c.PointsPerSecond,
                }),
            ],
            Recommendation = new PlanRecommendation
            {
                Method = plan.Recommendation.Method.To<Method>(),
                Cut = plan.Recommendation.Cut.ToString(),
                Sigma = plan.Recommendation.Sigma,
                Steps = plan.Recommendation.Steps,
                Reasons = plan.Recommendation.Reasons,
            },
            Warnings = plan.Warnings,
            DeviceSeconds = plan.DeviceSeconds,
            Device = device,
            Profile = profile,
            Seed = request.Seed ?? 0,
        };

    private static PlanInterval Of(Interval interval) => new(interval.Value, interval.Low, interval.High);
}
