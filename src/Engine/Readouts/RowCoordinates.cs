using ComodCluster.Engine.LinearAlgebra;

namespace ComodCluster.Engine.Readouts;

/// <summary>
/// Centred rows X [n, D] in r coordinates with the same products between them: X itself, or where there are fewer
/// images than features the n coordinates of L, of X X' = L L'.
/// </summary>
internal sealed class RowCoordinates : IDisposable
{
    private const double Jitter = 1e-10; // of the sum of squares: centred rows have one direction less than there are rows

    private readonly Numbers _rows,
        _columns;
    private readonly Cholesky? _factor;
    private readonly int _count;

    private RowCoordinates(Numbers rows, int count, int width, Cholesky? factor)
    {
        (_rows, _count, _factor, Width) = (rows, count, factor, width);
        _columns = new(count * width);
        var columns = Columns;
        for (var i = 0; i < count; i++)
        for (var j = 0; j < width; j++)
            columns[j, i] = Rows[i, j];
    }

    /// <summary>r.</summary>
    public int Width { get; }

    /// <summary>[n, r]</summary>
    public Block Rows => new(_rows.Span, _count, Width);

    /// <summary>[r, n]</summary>
    public Block Columns => new(_columns.Span, Width, _count);

    /// <param name="rows">X, which becomes this object's to dispose.</param>
    public static RowCoordinates Of(Numbers rows, int count, int width) => new(rows, count, width, null);

    /// <param name="products">X X' [n, n], the lower triangle; their memory becomes the factor's.</param>
    public static RowCoordinates OfProducts(Numbers products, int count)
    {
        var matrix = new Block(products.Span, count, count);
        var trace = 0.0;
        for (var i = 0; i < count; i++)
            trace += matrix[i, i];
        for (var i = 0; i < count; i++)
            matrix[i, i] += trace == 0 ? 1 : Jitter * trace;
        var factor = new Cholesky(products, count);
        var lower = new Numbers(count * count);
        factor.CopyTo(lower.Span);
        return new(lower, count, count, factor);
    }

    /// <summary>By how much of each row of X the weights [m, r] of coordinates are made, [m, n]; null where the
    /// coordinates are X.</summary>
    public double[]? SharesOf(double[] weights)
    {
        if (_factor is null)
            return null;
        var count = weights.Length / Width;
        var shares = new double[count * _count];
        Products.Add(new(weights, count, Width), Rows, new(shares, count, _count));
        _factor.Solve(new(shares, count, _count)); // (L L')^-1 L w
        return shares;
    }

    public void Dispose()
    {
        _rows.Dispose();
        _columns.Dispose();
    }
}
