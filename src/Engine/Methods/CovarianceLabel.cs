using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>Estimators of the covariance label (docs/method.md#estimators).</summary>
public static class CovarianceLabel
{
    /// <summary>
    /// Mean over a segment's rows of the response to a modulator, and of its absolute value: [S, D] each.
    /// </summary>
    /// <param name="modulator">[S, 1], or [S, C] where it differs between channels.</param>
    public delegate (Tensor Mean, Tensor MeanAbsolute) Response(Tensor modulator);

    /// <summary>Nodes of the quadrature that tasks use, the centre included.</summary>
    public const int Nodes = 3;

    /// <summary>
    /// Gauss-Hermite: exact for d polynomial in m up to degree 2n - 2. The centre has no weight in a covariance and is
    /// skipped.
    /// </summary>
    /// <param name="response">Runs the suffix.</param>
    /// <param name="mu">[S, 1]</param>
    /// <param name="sigma">[S, 1]</param>
    /// <param name="nodes">n, odd.</param>
    public static CovarianceEstimate ByQuadrature(Response response, Tensor mu, Tensor sigma, int nodes = Nodes)
    {
        Tensor? covariance = null,
            activity = null;
        var used = Quadrature.Nodes(nodes).Where(n => n.At != 0).ToArray();
        var total = used.Sum(n => n.Weight);
        foreach (var (at, weight) in used)
        {
            using Scalar place = at.ToScalar(),
                product = (at * weight).ToScalar(),
                part = (weight / total).ToScalar();
            var (mean, absolute) = response(mu + sigma * place);
            var term = mean * (sigma * product);
            var share = absolute * part;
            covariance = covariance is null ? term : covariance + term;
            activity = activity is null ? share : activity + share;
        }
        return new CovarianceEstimate(covariance!, activity!);
    }

    /// <summary>
    /// Antithetic pairs around the known mean, the same numbers at every refresh. Units in G groups of channels get
    /// m_g = mu + sigma (sqrt(rho) s + sqrt(1 - rho) e_g); the label is the covariance with the shared part, scaled as
    /// for rho = 1.
    /// </summary>
    /// <param name="response">Runs the suffix.</param>
    /// <param name="mu">[S, 1]</param>
    /// <param name="sigma">[S, 1]</param>
    /// <param name="noise">Per segment: its seed, correlation and groups.</param>
    /// <param name="samples">Even number.</param>
    /// <param name="channels">C, for rho below 1 in any segment.</param>
    public static CovarianceEstimate ByMonteCarlo(
        Response response,
        Tensor mu,
        Tensor sigma,
        IReadOnlyList<ModulatorNoise> noise,
        int samples,
        int channels
    )
    {
        Tensor? covariance = null,
            activity = null;
        using var count = samples.ToScalar();
        var perChannel = noise.Any(n => n.Rho < 1);
        for (var pair = 0; pair < samples / 2; pair++)
        {
            var shared = tensor(
                [.. noise.Select(n => n.Shared(pair))],
                [noise.Count, 1],
                dtype: mu.dtype,
                device: mu.device
            );
            var z = perChannel
                ? tensor(
                    [.. noise.SelectMany(n => n.PerChannel(pair, channels))],
                    [noise.Count, channels],
                    dtype: mu.dtype,
                    device: mu.device
                )
                : shared;
            var (plus, plusAbsolute) = response(mu + sigma * z);
            var (minus, minusAbsolute) = response(mu - sigma * z);
            var term = (plus - minus) * (sigma * shared) / count;
            var share = (plusAbsolute + minusAbsolute) / count;
            covariance = covariance is null ? term : covariance + term;
            activity = activity is null ? share : activity + share;
        }
        return new CovarianceEstimate(covariance!, activity!);
    }
}
