using ComodCluster.Engine.Data;
using ComodCluster.Engine.LinearAlgebra;

namespace ComodCluster.Engine.Tests.LinearAlgebra;

public class ProductsTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 2, 8)]
    [InlineData(7, 9, 5)]
    [InlineData(13, 6, 259)]
    public void Add_OfAnyShape_IsTheProductOfItsRows(int m, int n, int depth)
    {
        double[] a = Random(m * depth, 1),
            b = Random(n * depth, 2),
            c = Random(m * n, 3),
            before = [.. c];
        Products.Add(new(a, m, depth), new(b, n, depth), new(c, m, n), factor: -1);
        for (var i = 0; i < m; i++)
        for (var j = 0; j < n; j++)
            Assert.Equal(
                before[i * n + j] - Enumerable.Range(0, depth).Sum(k => a[i * depth + k] * b[j * depth + k]),
                c[i * n + j],
                1e-12
            );
    }

    /// <summary>Arrays begin anywhere in memory, and a row's sum is the same bits there, in a tile or alone.</summary>
    [Fact]
    public void Add_OfRowsAnywhereInMemory_HasTheSameBits()
    {
        const int rows = 5,
            depth = 131;
        var values = Random(rows * depth, 4);
        var expected = Product(0);
        Assert.All(Enumerable.Range(1, 8), shift => Assert.Equal(expected, Product(shift)));
        Assert.Equal(expected[0], Products.Dot(values.AsSpan(0, depth), values.AsSpan(0, depth)));

        double[] Product(int shift)
        {
            var moved = new double[shift + values.Length];
            values.CopyTo(moved, shift);
            var block = new Block(moved.AsSpan(shift), rows, depth);
            var c = new double[rows * rows];
            Products.Add(block, block, new(c, rows, rows));
            return c;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(32)]
    [InlineData(67)]
    public void Solve_OfAPositiveDefiniteMatrix_GivesBackWhatItWasMultipliedWith(int size)
    {
        var rows = Random(size * (size + 3), 5);
        using var numbers = new Numbers(size * size);
        var matrix = new Block(numbers.Span, size, size);
        var block = new Block(rows, size, size + 3);
        Products.Add(block, block, matrix);
        for (var i = 0; i < size; i++)
            matrix[i, i] += 1;
        var solution = Random(3 * size, 6);
        var right = new double[3 * size];
        Products.Add(new(solution, 3, size), matrix, new(right, 3, size));

        new Cholesky(numbers, size).Solve(new(right, 3, size));

        Assert.All(solution.Zip(right), p => Assert.Equal(p.First, p.Second, 1e-9));
    }

    [Fact]
    public void Cholesky_OfAnotherMatrix_SaysSo()
    {
        using var matrix = new Numbers(4);
        double[] indefinite = [1, 0, 2, 1];
        indefinite.CopyTo(matrix.Span);
        Assert.Contains(
            "not positive definite",
            Assert.Throws<ArithmeticException>(() => new Cholesky(matrix, 2)).Message,
            StringComparison.Ordinal
        );
    }

    private static double[] Random(int count, ulong stream) =>
        [.. Enumerable.Range(0, count).Select(i => CounterRandom.Normal(7, stream, (ulong)i))];
}
