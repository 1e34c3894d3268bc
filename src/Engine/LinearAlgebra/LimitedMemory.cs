namespace ComodCluster.Engine.LinearAlgebra;

/// <summary>
/// The minimum of a smooth, strictly convex function by L-BFGS (Nocedal 1980) with steps that are halved until the
/// function falls enough.
/// </summary>
internal static class LimitedMemory
{
    private const int History = 10,
        MostSteps = 200,
        MostHalvings = 30;
    private const double Enough = 1e-4, // of the fall that the slope promises
        Least = 1e-7; // relative fall in a step that ends the search

    /// <param name="size">Dimensions; the search begins at 0.</param>
    /// <param name="evaluate">Gives the function's value at the first argument, and writes its gradient to the
    /// second.</param>
    public static double[] Minimise(int size, Func<double[], double[], double> evaluate)
    {
        double[] at = new double[size],
            slope = new double[size],
            next = new double[size],
            nextSlope = new double[size],
            direction = new double[size];
        var past = new List<(double[] Step, double[] Change, double Product)>();
        var value = evaluate(at, slope);
        for (var i = 0; i < MostSteps; i++)
        {
            slope.CopyTo(direction, 0);
            ApplyInverse(past, direction);
            var fall = Products.Dot(slope, direction);
            if (!(fall > 0))
                break;
            var length = past.Count > 0 ? 1 : 1 / Math.Sqrt(fall);
            var nextValue = double.NaN;
            for (var halving = 0; halving < MostHalvings; halving++, length /= 2)
            {
                at.CopyTo(next, 0);
                Products.AddScaled(-length, direction, next);
                nextValue = evaluate(next, nextSlope);
                if (nextValue <= value - Enough * length * fall)
                    break;
            }
            if (!(nextValue < value))
                break;
            // The oldest step's memory becomes the newest's.
            var (step, change, _) = past.Count < History ? (new double[size], new double[size], 0) : past[0];
            if (past.Count == History)
                past.RemoveAt(0);
            Array.Clear(step);
            Products.AddScaled(-length, direction, step);
            nextSlope.CopyTo(change, 0);
            Products.AddScaled(-1, slope, change);
            var product = Products.Dot(step, change);
            if (product > 0)
                past.Add((step, change, product));
            var last = value - nextValue <= Least * Math.Abs(value);
            (at, next, slope, nextSlope, value) = (next, at, nextSlope, slope, nextValue);
            if (last)
                break;
        }
        return at;
    }

    // The gradient becomes the direction in which the function rises, by the two loops of L-BFGS.
    private static void ApplyInverse(List<(double[] Step, double[] Change, double Product)> past, double[] direction)
    {
        var factors = new double[past.Count];
        for (var i = past.Count - 1; i >= 0; i--)
        {
            factors[i] = Products.Dot(past[i].Step, direction) / past[i].Product;
            Products.AddScaled(-factors[i], past[i].Change, direction);
        }
        if (past.Count > 0)
        {
            var (_, change, product) = past[^1];
            var scale = product / Products.Dot(change, change);
            foreach (ref var d in direction.AsSpan())
                d *= scale;
        }
        for (var i = 0; i < past.Count; i++)
            Products.AddScaled(
                factors[i] - Products.Dot(past[i].Change, direction) / past[i].Product,
                past[i].Step,
                direction
            );
    }
}
