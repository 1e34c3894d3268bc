namespace ComodCluster.Lab.Reproduce.Decoding;

/// <summary>Where a curve of differences falls through zero.</summary>
internal static class Crossing
{
    /// <summary>
    /// The first fall from 0 or more to below 0, between the points by interpolation over the logarithm of x.
    /// </summary>
    /// <param name="differences">By x, ascending and above 0.</param>
    /// <returns>The smallest x where the curve starts below 0; infinity where it never falls.</returns>
    public static double Of(IReadOnlyList<(double X, double Y)> differences)
    {
        if (differences[0].Y < 0)
            return differences[0].X;
        for (var i = 1; i < differences.Count; i++)
        {
            var ((x0, y0), (x1, y1)) = (differences[i - 1], differences[i]);
            if (y1 < 0)
                return Math.Exp(Math.Log(x0) + Math.Log(x1 / x0) * y0 / (y0 - y1));
        }
        return double.PositiveInfinity;
    }
}
