namespace ComodCluster.Engine.Methods;

/// <summary>
/// Gauss-Hermite rules for expectations under a standard normal: n nodes are exact for polynomials up to degree 2n - 1.
/// </summary>
public static class Quadrature
{
    /// <param name="n">Number of nodes, 1 to 20. For 3: 0 and +-sqrt(3) with weights 2/3, 1/6, 1/6.</param>
    public static IReadOnlyList<Node> Nodes(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, 20);
        var nodes = new Node[n];
        // Roots of the probabilists' Hermite polynomial lie symmetric within 2 sqrt(n): bracket by sign changes, then
        // bisect.
        var found = 0;
        var step = 1e-3;
        // Half a step off the origin, so that the root at 0 of odd n lies inside an interval.
        for (var x = -2 * Math.Sqrt(n) - 1 - step / 2; x < 2 * Math.Sqrt(n) + 1 && found < n; x += step)
        {
            if (Hermite(n, x) * Hermite(n, x + step) > 0)
                continue;
            double low = x,
                high = x + step;
            for (var i = 0; i < 80; i++)
            {
                var middle = (low + high) / 2;
                if (Hermite(n, low) * Hermite(n, middle) <= 0)
                    high = middle;
                else
                    low = middle;
            }
            var root = n % 2 == 1 && found == n / 2 ? 0 : (low + high) / 2;
            var previous = Hermite(n - 1, root);
            // w = n! / (n He_{n-1}(x))^2
            nodes[found++] = new Node(root, Factorial(n) / (n * (double)n * previous * previous));
        }
        return nodes;
    }

    private static double Hermite(int n, double x)
    {
        double before = 0,
            now = 1;
        for (var k = 0; k < n; k++)
            (before, now) = (now, x * now - k * before);
        return now;
    }

    private static double Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);
}
