using ComodCluster.Engine.Statistics;

namespace ComodCluster.Engine.Trials;

/// <summary>What a trial may serve: its parameters after some steps.</summary>
/// <param name="Step">0: the base.</param>
/// <param name="Prior">The readout is refitted with the decoder gain as prior variance.</param>
/// <param name="Scores">On held-out images, as it would be served.</param>
internal sealed record Candidate(int Step, bool Prior, Scores Scores)
{
    /// <summary>Losses that differ by less are equal, nats: rounding makes as much of it.</summary>
    private const double Equal = 1e-5;

    public bool IsBase => Step == 0;

    /// <summary>The step of smallest loss, of equal ones the first; null where no loss is finite.</summary>
    public static Candidate? Least(IEnumerable<Candidate> steps) =>
        steps.Where(c => double.IsFinite(c.Scores.Loss)).MinBy(c => c.Scores.Loss);

    /// <summary>
    /// A step whose parameters are served as they were compared, where it is better than the base, else the base.
    /// </summary>
    public static Verdict Compared(Scores untouched, Candidate? best) =>
        best is null ? Kept(untouched, "no step has a finite held-out loss")
        : best.Scores.Loss < untouched.Loss - Equal ? new Verdict(best, null)
        : Kept(untouched, $"no step is better on held-out images: {Against(best, untouched)}");

    /// <summary>
    /// A step that folds compared, where it is better than the base by more than one standard error of the paired
    /// difference, else the base:
    /// what is served comes from a further run on all images, which no held-out image judges.
    /// </summary>
    public static Verdict OfFolds(Scores untouched, Candidate? best)
    {
        if (best is null)
            return Kept(untouched, "no step has a finite held-out loss");
        var (mean, error) = PairedDifference.Of(best.Scores.Losses, untouched.Losses);
        return mean < -Math.Max(error, Equal)
            ? new Verdict(best, null)
            : Kept(
                untouched,
                $"no step is better on held-out images by more than one standard error, {error:0.000}: "
                    + $"{Against(best, untouched)}"
            );
    }

    /// <summary>
    /// Why the readout in closed form is served in the place of what was trained: unless that is better by more than
    /// one standard error of the paired difference. Null: it is.
    /// </summary>
    /// <param name="losses">Of what was trained.</param>
    /// <param name="closed">Of the readout in closed form, on the same images.</param>
    public static string? AgainstClosedForm(IReadOnlyList<double> losses, IReadOnlyList<double> closed)
    {
        var (mean, error) = PairedDifference.Of(losses, closed);
        return mean < -Math.Max(error, Equal)
            ? null
            : $"the base is kept: no step is better on held-out images than the readout in closed form by more than "
                + $"one standard error, {error:0.000}: {losses.Average():0.000} against {closed.Average():0.000} on "
                + $"{losses.Count} images";
    }

    public static Verdict Kept(Scores untouched, string why) =>
        new(new Candidate(0, false, untouched), $"the base is kept: {why}");

    private static string Against(Candidate best, Scores untouched) =>
        $"{best.Scores.Loss:0.000} after {best.Step} steps against {untouched.Loss:0.000} of the base on "
        + $"{untouched.Losses.Length} images";
}
