using ComodCluster.Engine.LinearAlgebra;

namespace ComodCluster.Engine.Readouts;

/// <summary>
/// Features of n images about a mean, X [n, D], as what is needed of them: X and X X' where there are fewer images than
/// features, else X' X, which is added up piece by piece, so that any number of images takes no more memory.
/// </summary>
internal sealed class CentredRows : IDisposable
{
    private const int Piece = 256; // rows whose products are added at once

    private readonly Numbers _products; // X X' [n, n] or X' X [D, D]: the lower triangle
    private readonly Numbers _rows; // X where it is kept, else its last piece

    /// <param name="count">n.</param>
    /// <param name="width">D.</param>
    /// <param name="read">Gives a row of X; called once for each, in order.</param>
    /// <param name="keep">Keeps X where there are no fewer images than features too, for
    /// <see cref="Coordinates"/>.</param>
    public CentredRows(int count, int width, RowReader read, bool keep = false)
    {
        (Count, Width) = (count, width);
        _products = new(Size * Size);
        var kept = ByImages || keep ? count : Math.Min(count, Piece);
        _rows = new(kept * width);
        using var turned = new Numbers(ByImages ? 0 : Math.Min(kept, Piece) * width);
        for (var from = 0; from < count; from += kept)
        {
            var piece = Rows(Math.Min(kept, count - from));
            for (var i = 0; i < piece.Rows; i++)
            {
                var row = piece.Row(i);
                read(from + i, row);
                var norm = Products.Dot(row, row);
                Trace += norm;
                Fourth += norm * norm;
            }
            for (var row = 0; row < piece.Rows && !ByImages; row += Piece)
                AddSquares(piece.Part(row, Math.Min(Piece, piece.Rows - row), 0, width), turned.Span);
        }
        if (ByImages)
            Products.Add(Rows(count), Rows(count), Matrix, lower: true);
        for (var i = 0; i < Size; i++)
        {
            var row = Matrix.Row(i)[..(i + 1)];
            Square += 2 * Products.Dot(row, row) - row[i] * row[i];
        }
    }

    /// <summary>n.</summary>
    public int Count { get; }

    /// <summary>D.</summary>
    public int Width { get; }

    /// <summary>Sum of all squares of X.</summary>
    public double Trace { get; }

    /// <summary>Sum over rows of the square of their sum of squares.</summary>
    public double Fourth { get; }

    /// <summary>Sum of all squares of X X', which is that of X' X.</summary>
    public double Square { get; }

    private bool ByImages => Count < Width;

    private int Size => ByImages ? Count : Width;

    /// <summary>
    /// Solves (shift I + factor X' X) w = v for each row v (of n x n by Woodbury's identity). Once: the products' memory
    /// becomes the system's.
    /// </summary>
    /// <param name="shift">Above 0.</param>
    /// <param name="factor">0 or more.</param>
    /// <param name="rows">[m, D]; they become the solutions.</param>
    public void Solve(double shift, double factor, double[] rows)
    {
        var system = Matrix;
        for (var i = 0; i < Size; i++)
        {
            foreach (ref var value in system.Row(i)[..(i + 1)])
                value *= factor;
            system[i, i] += shift;
        }
        var inverse = new Cholesky(_products, Size);
        var count = rows.Length / Width;
        var right = new Block(rows, count, Width);
        if (!ByImages)
        {
            inverse.Solve(right);
            return;
        }
        var x = Rows(Count);
        using var projected = new Numbers(count * Count);
        var byImage = new Block(projected.Span, count, Count);
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

    public void Dispose()
    {
        _products.Dispose();
        _rows.Dispose();
    }

    /// <summary>X in as few coordinates as it needs. Once, as <see cref="Solve"/>.</summary>
    public RowCoordinates Coordinates() =>
        ByImages ? RowCoordinates.OfProducts(_products, Count) : RowCoordinates.Of(_rows, Count, Width);

    /// <summary>Weights of coordinates [m, r] as weights of features [m, D].</summary>
    public double[] WeightsOf(RowCoordinates coordinates, double[] weights)
    {
        if (coordinates.SharesOf(weights) is not { } shares)
            return weights;
        var features = new double[shares.Length / Count * Width];
        for (var k = 0; k * Count < shares.Length; k++)
        for (var i = 0; i < Count; i++)
            Products.AddScaled(shares[k * Count + i], Rows(Count).Row(i), features.AsSpan(k * Width, Width));
        return features;
    }

    private Block Matrix => new(_products.Span, Size, Size);

    private Block Rows(int count) => new(_rows.Span, count, Width);

    // Adds the lower triangle of piece' piece.
    private void AddSquares(Block piece, Span<double> turned)
    {
        var columns = new Block(turned, Width, piece.Rows);
        for (var i = 0; i < piece.Rows; i++)
        for (var j = 0; j < Width; j++)
            columns[j, i] = piece[i, j];
        Products.Add(columns, columns, Matrix, lower: true);
    }
}
