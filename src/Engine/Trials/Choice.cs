using ComodCluster.Engine.Statistics;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Trials;

/// <summary>
/// Which candidate a task is served by: the one of smallest held-out loss, and the simplest of equals. One that leaves
/// the network as it is, so that all tasks share its whole pass, is kept unless the best is better by more than one
/// standard error of the paired difference.
/// </summary>
public static class Choice
{
    /// <summary>
    /// Examples from which on the candidates are compared on a part of their own, a fifth of them, and by
    /// cross-validation below: a fifth of fewer has less than 40 images.
    /// </summary>
    public const int PartFrom = 200;

    /// <param name="candidates">Null where one diverged.</param>
    /// <returns>Null where no candidate has a finite loss.</returns>
    public static ChoiceDecision? Decide(IReadOnlyList<(Method Method, HeldOut? HeldOut)> candidates)
    {
        var order = candidates.OrderBy(c => MethodTraits.Of(c.Method).Candidate ?? int.MaxValue).ToArray();
        (Method Method, HeldOut HeldOut)[] sound =
        [
            .. order
                .Where(c => c.HeldOut is { } h && double.IsFinite(h.Losses.Average()))
                .Select(c => (c.Method, c.HeldOut!)),
        ];
        if (sound.Length == 0)
            return null;
        var best = sound.MinBy(c => c.HeldOut.Losses.Average());
        var shared = sound
            .Where(c =>
                MethodTraits.Of(c.Method).Trains == NetworkPart.None
                && PairedDifference.Of(c.HeldOut.Losses, best.HeldOut.Losses) is var d
                && d.Mean <= d.StandardError
            )
            .ToArray();
        var chosen = shared.Length > 0 ? shared[0] : best;
        CandidateScore[] scores =
        [
            .. order.Select(c =>
                ScoreOf(c.Method, sound.FirstOrDefault(s => s.Method == c.Method).HeldOut, chosen.HeldOut)
            ),
        ];
        return new(
            chosen.Method,
            chosen.HeldOut.Folds,
            chosen.HeldOut.Losses.Count,
            scores,
            ReasonOf(chosen, best.Method, scores)
        );
    }

    private static CandidateScore ScoreOf(Method method, HeldOut? heldOut, HeldOut chosen)
    {
        if (heldOut is null)
            return new(method, null, null, null, null);
        var (difference, error) = PairedDifference.Of(heldOut.Losses, chosen.Losses);
        return new(method, heldOut.Losses.Average(), heldOut.Accuracy, difference, error);
    }

    private static string ReasonOf((Method Method, HeldOut HeldOut) chosen, Method best, CandidateScore[] scores)
    {
        var others = scores
            .Where(s => s.Method != chosen.Method && s.Loss is not null)
            .OrderBy(s => s.Loss)
            .Select(s => $"{s.Loss:0.000} of {Name(s.Method)}")
            .ToArray();
        var diverged = scores.Where(s => s.Loss is null).Select(s => Name(s.Method)).ToArray();
        var images = chosen.HeldOut.Losses.Count;
        return $"{Name(chosen.Method)}: held-out loss {chosen.HeldOut.Losses.Average():0.000}"
            + (others.Length > 0 ? $" against {Listed(others)}" : "")
            + (
                chosen.HeldOut.Folds > 1
                    ? $" ({chosen.HeldOut.Folds} folds of {images} examples)"
                    : $" ({images} images held out)"
            )
            + (best == chosen.Method ? "" : Near(scores.Single(s => s.Method == best)))
            + (diverged.Length > 0 ? $"; {Listed(diverged)} diverged" : "");
    }

    private static string Near(CandidateScore best) =>
        $"; {Name(best.Method)} is better by {-best.Difference:0.000}, which is within one standard error, "
        + $"{best.StandardError:0.000}";

    private static string Listed(string[] parts) =>
        parts.Length == 1 ? parts[0] : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";

    private static string Name(Method method) => method.ToString().ToLowerInvariant();
}
