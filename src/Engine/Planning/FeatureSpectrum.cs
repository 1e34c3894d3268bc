using static TorchSharp.torch;

namespace ComodCluster.Engine.Planning;

/// <summary>
/// Centred features taken apart, F = U diag(s) V': what LogME and the H-score need of them. V is not kept: neither
/// depends on a rotation of the features.
/// </summary>
public sealed class FeatureSpectrum
{
    private const double RankTolerance = 1e-10;

    private FeatureSpectrum(double[,] left, double[] singular, double[] squaredNorms, int width) =>
        (Left, Singular, SquaredNorms, Width) = (left, singular, squaredNorms, width);

    /// <summary>n</summary>
    public int Rows => SquaredNorms.Length;

    /// <summary>D</summary>
    public int Width { get; }

    /// <summary>U, [n, r]: r is the rank, at most n - 1.</summary>
    public double[,] Left { get; }

    /// <summary>s, [r], descending, above 0.</summary>
    public double[] Singular { get; }

    /// <summary>Squared norm of each centred row, [n].</summary>
    public double[] SquaredNorms { get; }

    /// <param name="features">[n, D], n at least 2.</param>
    public static FeatureSpectrum Of(float[,] features)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var f = tensor(features).to(ScalarType.Float64);
        f = f - f.mean([0]);
        var (u, s, _) = linalg.svd(f, fullMatrices: false);
        var singular = s.data<double>().ToArray();
        int rows = features.GetLength(0),
            rank = singular.Count(v => v > RankTolerance * Math.Max(singular[0], 1e-300));
        var values = u.contiguous().data<double>().ToArray();
        var left = new double[rows, rank];
        for (var i = 0; i < rows; i++)
        for (var j = 0; j < rank; j++)
            left[i, j] = values[i * singular.Length + j];
        return new FeatureSpectrum(
            left,
            singular[..rank],
            (f * f).sum(1).data<double>().ToArray(),
            features.GetLength(1)
        );
    }

    /// <summary>U' y, [r].</summary>
    public double[] Project(IReadOnlyList<double> y)
    {
        var z = new double[Singular.Length];
        for (var i = 0; i < Rows; i++)
        for (var j = 0; j < z.Length; j++)
            z[j] += Left[i, j] * y[i];
        return z;
    }
}
