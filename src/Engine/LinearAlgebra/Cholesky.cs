namespace ComodCluster.Engine.LinearAlgebra;

/// <summary>The factor L of a symmetric positive definite matrix L L', and solutions with it.</summary>
internal sealed class Cholesky
{
    private const int Width = 32; // columns that are made at once

    private readonly Numbers _factor; // L in the lower triangle, L' in the upper
    private readonly int _size;

    /// <param name="matrix">[n, n], of which the lower triangle is read; its memory becomes the factor's,
    /// and stays the caller's to dispose.</param>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public Cholesky(Numbers matrix, int size)
    {
        (_factor, _size) = (matrix, size);
        var all = new Block(matrix.Span, size, size);
        for (var from = 0; from < size; from += Width)
        {
            var width = Math.Min(Width, size - from);
            var below = all.Part(from, size - from, from, width);
            if (from > 0)
                Products.Add(all.Part(from, size - from, 0, from), all.Part(from, width, 0, from), below, factor: -1);
            for (var i = 0; i < below.Rows; i++)
            {
                var row = below.Row(i);
                for (var j = 0; j < Math.Min(i, width); j++)
                    row[j] = (row[j] - Products.Dot(row[..j], below.Row(j)[..j])) / below[j, j];
                if (i >= width)
                    continue;
                var pivot = row[i] - Products.Dot(row[..i], row[..i]);
                if (!(pivot > 0))
                    throw new ArithmeticException($"The matrix is not positive definite: pivot {pivot}.");
                row[i] = Math.Sqrt(pivot);
            }
        }
        for (var i = 0; i < size; i++)
        for (var j = 0; j < i; j++)
            all[j, i] = all[i, j];
    }

    /// <summary>Writes L [n, n], with zeros above its diagonal.</summary>
    public void CopyTo(Span<double> lower)
    {
        _factor.Span.CopyTo(lower);
        for (var i = 0; i < _size; i++)
            lower.Slice(i * _size + i + 1, _size - i - 1).Clear();
    }

    /// <summary>Each row x becomes the solution of L L' y = x.</summary>
    /// <param name="rows">[m, n]</param>
    public void Solve(Block rows)
    {
        var factor = new Block(_factor.Span, _size, _size);
        for (var from = 0; from < _size; from += Width)
        {
            var width = Math.Min(Width, _size - from);
            var part = rows.Part(0, rows.Rows, from, width);
            if (from > 0)
                Products.Add(rows.Part(0, rows.Rows, 0, from), factor.Part(from, width, 0, from), part, factor: -1);
            for (var i = 0; i < part.Rows; i++)
            {
                var x = part.Row(i);
                for (var j = 0; j < width; j++)
                    x[j] =
                        (x[j] - Products.Dot(x[..j], factor.Row(from + j).Slice(from, j))) / factor[from + j, from + j];
            }
        }
        for (var from = (_size - 1) / Width * Width; from >= 0; from -= Width)
        {
            int width = Math.Min(Width, _size - from),
                next = from + width;
            var part = rows.Part(0, rows.Rows, from, width);
            if (next < _size)
                Products.Add(
                    rows.Part(0, rows.Rows, next, _size - next),
                    factor.Part(from, width, next, _size - next),
                    part,
                    factor: -1
                );
            for (var i = 0; i < part.Rows; i++)
            {
                var x = part.Row(i);
                for (var j = width - 1; j >= 0; j--)
                    x[j] =
                        (x[j] - Products.Dot(x[(j + 1)..], factor.Row(from + j).Slice(from + j + 1, width - j - 1)))
                        / factor[from + j, from + j];
            }
        }
    }
}
