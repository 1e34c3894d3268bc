using System.Globalization;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Planning;

/// <summary>From the numbers to a recommendation in words.</summary>
internal static class PlanAdvice
{
    /// <summary>A readout that is as good as this leaves couplings nothing to win.</summary>
    private const double Solved = 0.99;

    /// <summary>
    /// Where the task is best modulated. One step is a small part of an adaptation, so the cut that does best over
    /// whole ones (docs/method-study.md) is left only where another is better for certain.
    /// </summary>
    /// <param name="asked">The cut that is asked for, or the task's default.</param>
    /// <returns>Index of a cut.</returns>
    public static int Cut(IReadOnlyList<CutPlan> cuts, Cut asked)
    {
        var most = Enumerable.Range(0, cuts.Count).MaxBy(i => cuts[i].Measured.Value);
        var kept = Enumerable
            .Range(0, cuts.Count)
            .Where(i => cuts[i].Cut == asked && cuts[i].Measured.Value >= cuts[most].Measured.Low);
        return kept.DefaultIfEmpty(most).First();
    }

    public static Recommendation Recommend(
        PlanWork work,
        IReadOnlyList<CutPlan> cuts,
        SigmaPlan sigma,
        CurvePlan curve,
        Interval? head,
        double chance
    )
    {
        var (best, most) = (cuts.Single(c => c.Rank == 1), cuts.MaxBy(c => c.Measured.Value)!);
        var (settings, start) = (work.Settings, head?.Value ?? curve.Expected.Value);
        var helps = most.Measured.Low > 0 && start < Solved;
        var amplitude = Math.Min(settings.Sigma, sigma.Safe);
        List<string> reasons =
        [
            head is { } known
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"The backbone's own head gets {known.Value:0.000} of the images right ({known.Low:0.000} to "
                        + $"{known.High:0.000}), where always naming the most frequent class gets {chance:0.000}."
                )
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"A readout fitted to the frozen features is expected to get {curve.Expected.Value:0.000} right "
                        + $"({curve.Expected.Low:0.000} to {curve.Expected.High:0.000}), where always naming the "
                        + $"most frequent class gets {chance:0.000}."
                ),
            helps
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"One cross-validated step of couplings at {best.Cut} lowers the held-out loss by "
                        + $"{best.Measured.Value:0.000} nats ({best.Measured.Low:0.000} to "
                        + $"{best.Measured.High:0.000}){(best == most ? ", the most of all cuts" : "")}; an "
                        + $"adaptation takes many."
                )
            : start >= Solved
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"With {start:0.000} right already there is next to nothing for couplings to win."
                )
            : string.Create(
                CultureInfo.InvariantCulture,
                $"At no cut one step of couplings lowers the held-out loss for certain; at the best, {most.Cut}, by "
                    + $"{most.Measured.Value:0.000} nats ({most.Measured.Low:0.000} to {most.Measured.High:0.000})."
            ),
        ];
        if (helps)
        {
            var others = cuts.Where(c => c != best && c.Measured.Value >= best.Measured.Low).ToArray();
            if (best != most)
                reasons.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"At {most.Cut} it is {most.Measured.Value:0.000} ({most.Measured.Low:0.000} to "
                            + $"{most.Measured.High:0.000}), not more for certain: {best.Cut}, the default cut, is "
                            + $"kept."
                    )
                );
            else if (others.Length > 0)
                reasons.Add(
                    $"Within that interval lie {string.Join(", ", others.Select(c => c.Cut))} too: the later the "
                        + $"cut, the cheaper the adaptation."
                );
            reasons.Add(
                amplitude < settings.Sigma
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"Sigma {settings.Sigma:0.###} would raise the expected loss by more than "
                            + $"{100 * sigma.Bound:0.##} %; up to {amplitude:0.###} it does not."
                    )
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"Sigma {settings.Sigma:0.###} is safe: "
                            + $"{(sigma.Limited ? "up to" : "even at")} {sigma.Safe:0.##}"
                            + $"{(sigma.Limited ? "" : ", the most that was tried,")} the noise raises the expected "
                            + $"loss by at most {100 * sigma.Bound:0.##} %, for the couplings of the probe step."
                    )
            );
            reasons.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{settings.Steps} steps "
                        + $"{(settings.Steps == new TaskSettings().Steps ? "are the default" : "were asked for")}; "
                        + $"held-out images choose where to stop."
                )
            );
        }
        return new Recommendation(
            helps ? Method.Comodulation : Method.Readout,
            best.Cut,
            amplitude > 0 ? amplitude : settings.Sigma,
            settings.Steps,
            reasons
        );
    }

    public static IReadOnlyList<string> Warnings(
        PlanWork work,
        PlanSample sample,
        IReadOnlyList<string> known,
        int examples,
        CurvePlan curve,
        Interval? head
    )
    {
        var (warnings, task) = (new List<string>(), work.Task);
        var unknown = task.Classes.Where(c => !known.Contains(c)).ToArray();
        if (task.Mode == ReadoutMode.Own && unknown.Length > 0)
            warnings.Add(
                (
                    known.Count == 0
                        ? "The backbone has no head"
                        : "The backbone's head does not know "
                            + string.Join(", ", unknown.Take(6).Select(u => $"'{u}'"))
                            + (unknown.Length > 6 ? ", ..." : "")
                ) + ": the task gets a readout of its own, which has to be learned from the examples too."
            );
        if (head is { } rows && curve.Expected.Low > rows.Value)
            warnings.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The head's rows get {rows.Value:0.000} right and a readout fitted to the same features "
                        + $"{curve.Expected.Value:0.000}: consider readout 'own'."
                )
            );
        if (examples < Gate.ThreePartsFrom && work.Settings.Gate == GatePolicy.Auto)
            warnings.Add(
                $"{examples} examples are too few for parts of their own (from {Gate.ThreePartsFrom} on): the "
                    + $"adaptation is cross-validated, about five times the steps."
            );
        if (task.ReadoutLoss.OneIsRight)
        {
            foreach (
                var (name, count) in task
                    .Classes.Select((name, k) => (name, sample.Classes.Count(c => c == k)))
                    .Where(c => c.Item2 < sample.Folds.Count)
                    .Take(3)
            )
                warnings.Add(
                    $"The class '{name}' has {count} images, so that some of the {sample.Folds.Count} folds have "
                        + $"none of it: take its part of every figure with care."
                );
        }
        if (sample.Images.Count < examples)
            warnings.Add($"{sample.Images.Count} of {examples} examples were looked at.");
        return warnings;
    }
}
