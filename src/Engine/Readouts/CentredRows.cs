using ComodCluster.Engine.LinearAlgebra;

namespace ComodCluster.Engine.Readouts;

/// <summary>
/// Features of n images about the means of their groups, X [n, D], as what is needed of them: X X' where there are
/// fewer images than features, else X' X.
/// </summary>
internal sealed class CentredRows
{
    private const int Piece = 256; // rows whose products are added at once

    private readonly double[] _products; // X X' [n, n] or X' X [D, D]: the lower triangle
    private readonly double[] _rows; // X; without rows where they are not needed again

    /// <param name="features">[n, D]; they become X.</param>
    /// <param name="groups">Group of each row, 0 to G - 1.</param>
    /// <param name="groupCount">G; a group without rows has the mean 0.</param>
    public CentredRows(double[] features, int width, IReadOnlyList<int> groups, int groupCount)
    {
        (_rows, Width, Count) = (features, width, groups.Count);
        Means = new double[groupCount * width];
        var counts = new int[groupCount];
        for (var i = 0; i < Count; i++)
        {
            counts[groups[i]]++;
            Products.AddScaled(1, Row(i), Means.AsSpan(groups[i] * width, width));
        }
        for (var g = 0; g < groupCount; g++)
        for (var j = 0; j < width; j++)
            Means[g * width + j] /= Math.Max(1, counts[g]);
        for (var i = 0; i < Count; i++)
        {
            Products.AddScaled(-1, Means.AsSpan(groups[i] * width, width), Row(i));
            var norm = Products.Dot(Row(i), Row(i));
            Trace += norm;
            Fourth += norm * norm;
        }
        var x = new Block(_rows, Count, width);
        if (ByImages)
        {
            _products = new double[Count * Count];
            Products.Add(x, x, new(_products, Count, Count), lower: true);
        }
        else
        {
            _products = new double[width * width];
            AddSquares(x, new(_products, width, width));
        }
        for (var i = 0; i < Size; i++)
        {
            var row = _products.AsSpan(i * Size, i + 1);
            Square += 2 * Products.Dot(row, row) - row[i] * row[i];
        }
    }

    /// <summary>n.</summary>
    public int Count { get; }

    /// <summary>D.</summary>
    public int Width { get; }

    /// <summary>Means of the groups, [G, D].</summary>
    public double[] Means { get; }

    /// <summary>Sum of all squares of X.</summary>
    public double Trace { get; }

    /// <summary>Sum over rows of the square of their sum of squares.</summary>
    public double Fourth { get; }

    /// <summary>Sum of all squares of X X', which is that of X' X.</summary>
    public double Square { get; }

    private bool ByImages => Count < Width;

    private int Size => ByImages ? Count : Width;

    /// <summary>Solves (shift I + factor X' X) w = v for each row v (of n x n by Woodbury's identity).</summary>
    /// <param name="shift">Above 0.</param>
    /// <param name="factor">0 or more.</param>
    /// <param name="rows">[m, D]; they become the solutions.</param>
    public void Solve(double shift, double factor, double[] rows)
    {
        var system = new double[Size * Size];
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j <= i; j++)
                system[i * Size + j] = factor * _products[i * Size + j];
            system[i * Size + i] += shift;
        }
        var inverse = new Cholesky(system, Size);
        var count = rows.Length / Width;
        var right = new Block(rows, count, Width);
        if (!ByImages)
        {
            inverse.Solve(right);
            return;
        }
        var x = new Block(_rows, Count, Width);
        var projected = new double[count * Count];
        var byImage = new Block(projected, count, Count);
        Products.Add(right, x, byImage);
        inverse.Solve(byImage);
        for (var k = 0; k < count; k++)
        {
            var row = right.Row(k);
            for (var i = 0; i < Count; i++)
                Products.AddScaled(-factor * byImage[k, i], x.Row(i), row);
            foreach (ref var value in row)
                value /= shift;
        }
    }

    private Span<double> Row(int row) => _rows.AsSpan(row * Width, Width);

    // The lower triangle of x' x, piece by piece.
    private static void AddSquares(Block x, Block squares)
    {
        var turned = new double[x.Columns * Math.Min(Piece, x.Rows)];
        for (var from = 0; from < x.Rows; from += Piece)
        {
            var piece = x.Part(from, Math.Min(Piece, x.Rows - from), 0, x.Columns);
            var columns = new Block(turned, x.Columns, piece.Rows);
            for (var i = 0; i < piece.Rows; i++)
            for (var j = 0; j < piece.Columns; j++)
                columns[j, i] = piece[i, j];
            Products.Add(columns, columns, squares, lower: true);
        }
    }
}
