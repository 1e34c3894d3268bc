using System.Globalization;
using ComodCluster.Engine.Statistics;

namespace ComodCluster.Engine.Readouts;

/// <summary>
/// Which readout folds choose: the one of smallest error, and of equals the one of smallest loss. Discriminants at the
/// plain place are taken where that one is not better by more than one standard error of the paired difference, or
/// where folds cannot tell.
/// </summary>
/// <param name="Result">How the chosen one answered; null where no image could be held out.</param>
/// <param name="Compared">All, in the order of the places.</param>
internal sealed record PlaceChoice(
    ReadoutPlace Place,
    ReadoutKind Kind,
    FoldResult? Result,
    IReadOnlyList<FoldResult> Compared,
    string Reason
)
{
    private static readonly ReadoutKind[] KindsOfClasses = [ReadoutKind.Lda, ReadoutKind.Ridge],
        KindsOfAttributes = [ReadoutKind.Lda];

    /// <summary>The plain readout, which folds only calibrate.</summary>
    public static PlaceChoice WithoutComparison(ReadoutPlace plain, FoldResult? result) =>
        new(
            plain,
            ReadoutKind.Lda,
            result,
            [],
            $"{Name(plain, ReadoutKind.Lda)}: there are too few images of a class to compare places"
        );

    public static IReadOnlyList<ReadoutKind> KindsOf(bool exclusive) => exclusive ? KindsOfClasses : KindsOfAttributes;

    /// <param name="results">At least that of discriminants at the plain place.</param>
    /// <param name="plain">As <see cref="FittingPlaces.Plain"/>.</param>
    public static PlaceChoice Of(IReadOnlyList<FoldResult> results, ReadoutPlace plain)
    {
        var usual = results.First(r => r.Place == plain && r.Kind == ReadoutKind.Lda);
        var best = Best(results);
        var (mean, error) = PairedDifference.Of(usual.Errors, best.Errors);
        var chosen = mean > error ? best : usual;
        var rest =
            chosen == best
                ? chosen == usual
                    ? ""
                    : $" against {Number(usual.Error)} of {Name(usual.Place, usual.Kind)}"
                : $"; {Name(best.Place, best.Kind)} has {Number(best.Error)}, which is within one standard error, "
                    + $"{Number(error)}";
        return new(
            chosen.Place,
            chosen.Kind,
            chosen,
            results,
            $"{Name(chosen.Place, chosen.Kind)}: error {Number(chosen.Error)} out of fold{rest}"
        );
    }

    public static FoldResult Best(IEnumerable<FoldResult> results) =>
        results.Aggregate((a, b) => b.IsBetterThan(a) ? b : a);

    private static string Name(ReadoutPlace place, ReadoutKind kind) =>
        $"{kind.ToString().ToLowerInvariant()} on {place}";

    private static string Number(double error) => error.ToString("0.000", CultureInfo.InvariantCulture);
}
