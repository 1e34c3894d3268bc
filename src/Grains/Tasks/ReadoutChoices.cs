using ComodCluster.Api.Tasks;
using ComodCluster.Engine.Readouts;
using ReadoutKind = ComodCluster.Api.Tasks.ReadoutKind;

namespace ComodCluster.Grains.Tasks;

/// <summary>What a version says of its readout in closed form.</summary>
internal static class ReadoutChoices
{
    public static ReadoutChoice Of(ReadoutFit fit) =>
        new()
        {
            Place = fit.Place.Name,
            Kind = fit.Kind.To<ReadoutKind>(),
            Reason = fit.Reason,
            Folds = fit.Folds,
            Candidates = [.. Shown(fit.Candidates)],
        };

    /// <summary>Of the cells of a pool, and of the kinds at one, the best stands for all.</summary>
    private static IEnumerable<ReadoutScore> Shown(IReadOnlyList<ReadoutCandidate> candidates) =>
        candidates
            .GroupBy(c => c.Place.Cell is null ? $"{c.Place} {c.Kind}" : $"{c.Place.Pool}")
            .Select(same => same.MinBy(c => (c.Error, c.Loss))!)
            .Select(c => new ReadoutScore
            {
                Place = c.Place.Name,
                Kind = c.Kind.To<ReadoutKind>(),
                Error = c.Error,
                Nll = c.Loss,
            });
}
