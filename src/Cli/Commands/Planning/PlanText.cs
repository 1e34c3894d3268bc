using ComodCluster.Api.Planning;

namespace ComodCluster.Cli.Commands.Planning;

/// <summary>A plan on the terminal.</summary>
internal static class PlanText
{
    public static void Write(Terminal terminal, PlanReport plan)
    {
        var best = plan.Cuts.Single(c => c.Rank == 1);
        Listing.Write(
            terminal,
            ("recommended", Recommended(plan.Recommendation)),
            (
                "task",
                $"{string.Join(", ", plan.Classes)} of {plan.Dataset} on {plan.Backbone}, readout "
                    + $"{Format.Name(plan.Readout)}"
            ),
            ("examples", $"{plan.Examples}, {plan.Images} looked at, {plan.StepImages} for gradients and steps")
        );
        foreach (var reason in plan.Recommendation.Reasons)
            terminal.Line($"- {reason}");
        foreach (var warning in plan.Warnings)
            terminal.Line($"! {warning}");

        terminal.Line();
        terminal.Line(
            $"Cuts, the default one first unless another is better for certain, then by '{plan.RankedBy}': the fall "
                + $"of the held-out loss in nats that one step of couplings promises, and was measured to bring"
        );
        Listing.Write(
            terminal,
            plan.Cuts,
            "",
            ("cut", c => c.Cut),
            ("rank", c => c == best ? "1 *" : $"{c.Rank}"),
            ("promised", c => Signed(c.Promised)),
            ("measured", c => Signed(c.Measured)),
            ("accuracy after", c => Share(c.Accuracy)),
            ("logme", c => $"{c.LogMe:0.000}"),
            ("h-score", c => $"{c.HScore:0.000}"),
            ("probe", c => Share(c.Probe)),
            ("bytes/image", c => Format.Bytes(c.PrefixBytes))
        );

        terminal.Line();
        terminal.Line(Safe(plan.Sigma));
        Listing.Write(
            terminal,
            plan.Sigma.Points,
            "",
            ("sigma", p => $"{p.Sigma:0.###}"),
            ("expected loss", p => $"{p.Loss:0.0000}"),
            ("raised by", p => $"{100 * p.Raised:+0.00;-0.00;0.00} %"),
            ("explained", p => $"{100 * p.Explained:0.0} %")
        );

        terminal.Line();
        terminal.Line(
            $"A readout alone is expected to reach {Share(plan.Curve.Expected)} with {plan.Examples} examples, "
                + $"{Share(plan.Curve.Doubled)} with {2 * plan.Examples}{Exponent(plan.Curve)}"
        );
        Listing.Write(
            terminal,
            plan.Curve.Points,
            "",
            ("examples", p => $"{p.Examples}"),
            ("accuracy", p => Share(p.Accuracy))
        );

        terminal.Line();
        terminal.Line("Cost on this device, for the job alone, and return above the start:");
        Listing.Write(
            terminal,
            plan.Costs,
            "",
            ("method", c => Format.Name(c.Method)),
            ("accuracy", c => c.Accuracy is { } known ? Share(known) : "-"),
            ("points/s", c => c.PointsPerSecond is { } points ? $"{points:0.00}" : "-"),
            ("device-seconds", c => $"{c.DeviceSeconds:0.0}"),
            ("state", c => Format.Bytes(c.StateBytes)),
            ("cache", c => Format.Bytes(c.PrefixBytes)),
            ("trained", c => $"{c.TrainedParameters}"),
            ("accuracy is", c => c.Basis)
        );
        terminal.Line();
        terminal.Line($"The plan took {plan.DeviceSeconds:0.0} device-seconds ({plan.Device}, {plan.Profile}).");
    }

    /// <summary>In a line.</summary>
    public static string Recommended(PlanRecommendation choice) =>
        choice.Method == ComodCluster.Api.Tasks.Method.Readout
            ? "readout"
            : $"{Format.Name(choice.Method)} --cut {choice.Cut} --sigma {choice.Sigma:0.###} --steps {choice.Steps}";

    public static string Safe(PlanSigma sigma) =>
        $"Sigma up to {sigma.Safe:0.##}{(sigma.Limited ? "" : ", the most that was tried,")} raises the expected "
        + $"loss at {sigma.Cut} by at most {100 * sigma.Bound:0.##} %; there the modulator explains "
        + $"{100 * sigma.Explained:0.0} % of the features' variance (couplings of one step, up to "
        + $"{sigma.LargestCoupling:0.00})";

    public static string Share(PlanInterval share) => $"{share.Value:0.000} ({share.Low:0.000}-{share.High:0.000})";

    public static string Signed(PlanInterval value) =>
        $"{value.Value:+0.000;-0.000;0.000} ({value.Low:+0.000;-0.000;0.000} to {value.High:+0.000;-0.000;0.000})";

    private static string Exponent(PlanCurve curve) =>
        curve.Exponent is { } exponent ? $" (error ~ examples^{exponent:0.00})" : "";
}
