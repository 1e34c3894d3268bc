using ComodCluster.Engine.LinearAlgebra;

namespace ComodCluster.Engine.Readouts;

/// <summary>
/// Centred rows X [n, D] in r coordinates with the same products between them: X itself, or where there are fewer
/// images than features the n coordinates of L, of X X' = L L'.
/// </summary>
internal sealed class RowCoordinates
{
    private const double Jitter = 1e-10; // of the sum of squares: centred rows have one direction less than there are rows

    private readonly double[] _rows,
        _columns;
    private readonly Cholesky? _products;
    private readonly int _count;

    private RowCoordinates(double[] rows, int count, Cholesky? products)
    {
        (_rows, _count, _products, Width) = (rows, count, products, rows.Length / count);
        _columns = new double[rows.Length];
        for (var i = 0; i < count; i++)
        for (var j = 0; j < Width; j++)
            _columns[j * count + i] = rows[i * Width + j];
    }

    /// <summary>r.</summary>
    public int Width { get; }

    /// <summary>[n, r]</summary>
    public Block Rows => new(_rows, _count, Width);

    /// <summary>[r, n]</summary>
    public Block Columns => new(_columns, Width, _count);

    /// <param name="rows">X.</param>
    public static RowCoordinates Of(double[] rows, int count) => new(rows, count, null);

    /// <param name="products">X X' [n, n], the lower triangle.</param>
    public static RowCoordinates OfProducts(double[] products, int count)
    {
        var matrix = (double[])products.Clone();
        var trace = 0.0;
        for (var i = 0; i < count; i++)
            trace += matrix[i * count + i];
        for (var i = 0; i < count; i++)
            matrix[i * count + i] += trace == 0 ? 1 : Jitter * trace;
        var factor = new Cholesky(matrix, count);
        return new(factor.Lower(), count, factor);
    }

    /// <summary>By how much of each row of X the weights [m, r] of coordinates are made, [m, n]; null where the
    /// coordinates are X.</summary>
    public double[]? SharesOf(double[] weights)
    {
        if (_products is null)
            return null;
        var count = weights.Length / Width;
        var shares = new double[count * _count];
        Products.Add(new(weights, count, Width), Rows, new(shares, count, _count));
        _products.Solve(new(shares, count, _count)); // (L L')^-1 L w
        return shares;
    }
}
