using System.Globalization;
using ComodCluster.Engine.Statistics;

namespace ComodCluster.Engine.Readouts;

/// <summary>
/// Which readout folds choose. First the place: the plain one, unless at another both error and loss are smaller by more
/// than two standard errors of the paired difference; of two dozen places that tell the same, one is better by one
/// standard error by chance. Then the kind at that place: logistic regression, unless another has a loss that is smaller
/// by more than one standard error.
/// </summary>
/// <param name="Result">How the chosen one answered; null where no image could be held out.</param>
/// <param name="Compared">All, in the order in which they were asked.</param>
internal sealed record PlaceChoice(
    ReadoutPlace Place,
    ReadoutKind Kind,
    FoldResult? Result,
    IReadOnlyList<FoldResult> Compared,
    string Reason
)
{
    private const double OfPlaces = 2, // standard errors
        OfKinds = 1;

    private static readonly ReadoutKind[] KindsOfClasses = [ReadoutKind.Lda, ReadoutKind.Ridge],
        KindsOfAttributes = [ReadoutKind.Lda];

    /// <summary>Discriminants at the plain place, which folds only calibrate.</summary>
    public static PlaceChoice WithoutComparison(ReadoutPlace plain, FoldResult? result) =>
        new(
            plain,
            ReadoutKind.Lda,
            result,
            [],
            $"{Name(plain, ReadoutKind.Lda)}: there are too few images of a class to compare places"
        );

    /// <summary>What is asked at every place; logistic regression is asked at the chosen place alone.</summary>
    public static IReadOnlyList<ReadoutKind> KindsOf(bool exclusive) => exclusive ? KindsOfClasses : KindsOfAttributes;

    /// <param name="results">Of all places.</param>
    /// <param name="plain">As <see cref="FittingPlaces.Plain"/>.</param>
    public static ReadoutPlace PlaceOf(IEnumerable<FoldResult> results, ReadoutPlace plain)
    {
        var best = results.GroupBy(r => r.Place).Select(BestOf).ToArray();
        var usual = best.First(r => r.Place == plain);
        var better = best.Where(r =>
                Exceeds(usual.Errors, r.Errors, OfPlaces) && Exceeds(usual.Losses, r.Losses, OfPlaces)
            )
            .ToArray();
        return better.Length > 0 ? BestOf(better).Place : plain;
    }

    /// <param name="results">Of all places.</param>
    /// <param name="place">As <see cref="PlaceOf"/>.</param>
    public static PlaceChoice Of(IReadOnlyList<FoldResult> results, ReadoutPlace place)
    {
        var kinds = results.Where(r => r.Place == place).ToArray();
        var usual = kinds.FirstOrDefault(r => r.Kind == ReadoutKind.Logistic) ?? kinds[0];
        var smallest = kinds.MinBy(r => r.Loss)!;
        var chosen = Exceeds(usual.Losses, smallest.Losses, OfKinds) ? smallest : usual;
        var others = results.Where(r => r.Place != place).ToArray();
        var rest = "";
        if (others.Length > 0 && BestOf(others) is var next)
            rest =
                next.Error < chosen.Error
                    ? $"; {Number(next.Error)} of {Name(next.Place, next.Kind)} is not clearly better"
                    : $" against {Number(next.Error)} of {Name(next.Place, next.Kind)}";
        return new(
            place,
            chosen.Kind,
            chosen,
            results,
            $"{Name(place, chosen.Kind)}: error {Number(chosen.Error)} out of fold{rest}"
        );
    }

    // The smallest error, and of equals the smallest loss; of equals the first.
    private static FoldResult BestOf(IEnumerable<FoldResult> results) => results.MinBy(r => (r.Error, r.Loss))!;

    private static bool Exceeds(double[] losses, double[] others, double errors) =>
        PairedDifference.Of(losses, others) is var d && d.Mean > errors * d.StandardError;

    private static string Name(ReadoutPlace place, ReadoutKind kind) =>
        $"{kind.ToString().ToLowerInvariant()} on {place}";

    private static string Number(double error) => error.ToString("0.000", CultureInfo.InvariantCulture);
}
