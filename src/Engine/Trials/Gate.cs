using ComodCluster.Engine.Statistics;

namespace ComodCluster.Engine.Trials;

/// <summary>
/// A version may become active only if its held-out negative log-likelihood is not worse than the base's by more than
/// one standard error of the paired difference (docs/method.md#gate).
/// </summary>
public static class Gate
{
    /// <summary>Examples from which on three parts are used, and cross-validation below.</summary>
    public const int ThreePartsFrom = 64;

    /// <param name="version">Negative log-likelihood of each held-out image, nats.</param>
    /// <param name="reference">The same of the base.</param>
    public static GateDecision Decide(IReadOnlyList<double> version, IReadOnlyList<double> reference)
    {
        var (mean, error) = PairedDifference.Of(version, reference);
        var rejected = !(mean <= error); // a NaN is rejected
        return new GateDecision(
            rejected,
            $"held-out loss {version.Average():0.000} against {reference.Average():0.000} of the base on "
                + $"{version.Count} images: "
                + $"difference {mean:+0.000;-0.000;0.000}, one standard error {error:0.000}: "
                + $"{(rejected ? "rejected" : "accepted")}"
        );
    }
}
