using ComodCluster.Engine.Methods;

namespace ComodCluster.Engine.Planning;

/// <summary>What noise does to images' losses and features, by Gauss-Hermite quadrature over the modulator.</summary>
public static class SigmaScan
{
    /// <summary>Exact for what is a polynomial of degree 9 in the modulator.</summary>
    public const int Nodes = 5;

    /// <summary>Amplitudes that are tried, ascending.</summary>
    public static IReadOnlyList<double> Tried { get; } = [0.05, 0.1, 0.2, 0.5, 1, 2];

    /// <summary>Nodes off the centre, whose responses depend on sigma.</summary>
    public static IReadOnlyList<Node> OffCentre { get; } = [.. Quadrature.Nodes(Nodes).Where(n => n.At != 0)];

    private static double CentreWeight { get; } = Quadrature.Nodes(Nodes).Single(n => n.At == 0).Weight;

    /// <param name="quiet">Mean loss without noise.</param>
    /// <param name="losses">Mean loss at each node off the centre.</param>
    public static double Expected(double quiet, IReadOnlyList<double> losses) =>
        CentreWeight * quiet + OffCentre.Zip(losses, (n, l) => n.Weight * l).Sum();

    /// <summary>E_x Var_m(d) / (E_x Var_m(d) + Var_x E_m(d)), each summed over the features.</summary>
    /// <param name="quiet">Features without noise, [n, D].</param>
    /// <param name="features">At each node off the centre, [n, D].</param>
    /// <param name="rows">Rows of the images that count.</param>
    public static double Explained(float[,] quiet, IReadOnlyList<float[,]> features, IReadOnlyList<int> rows)
    {
        double within = 0,
            between = 0;
        for (var j = 0; j < quiet.GetLength(1); j++)
        {
            double sum = 0,
                squares = 0;
            foreach (var i in rows)
            {
                double mean = CentreWeight * quiet[i, j],
                    square = CentreWeight * quiet[i, j] * quiet[i, j];
                for (var node = 0; node < features.Count; node++)
                {
                    double d = features[node][i, j],
                        weight = OffCentre[node].Weight;
                    mean += weight * d;
                    square += weight * d * d;
                }
                within += Math.Max(0, square - mean * mean) / rows.Count;
                sum += mean / rows.Count;
                squares += mean * mean / rows.Count;
            }
            between += Math.Max(0, squares - sum * sum);
        }
        var share = within / (within + between);
        return double.IsFinite(share) ? share
            : within + between == 0 ? 0
            : 1; // what overflows is noise
    }

    /// <summary>
    /// The largest sigma whose expected loss is raised by no more than the bound, linear between those that were tried;
    /// from 0 on, where nothing is raised.
    /// </summary>
    /// <param name="points">By sigma, ascending.</param>
    /// <returns>Whether one that was tried lies beyond it, too.</returns>
    public static (double Sigma, double Explained, bool Limited) Safe(IReadOnlyList<SigmaPoint> points, double bound)
    {
        var (sigma, raised, explained) = (0.0, 0.0, 0.0);
        foreach (var point in points)
        {
            if (!(point.Raised <= bound))
            {
                var share = double.IsFinite(point.Raised)
                    ? Math.Clamp((bound - raised) / (point.Raised - raised), 0, 1)
                    : 0;
                return (sigma + share * (point.Sigma - sigma), explained + share * (point.Explained - explained), true);
            }
            (sigma, raised, explained) = (point.Sigma, point.Raised, point.Explained);
        }
        return (sigma, explained, false);
    }
}
