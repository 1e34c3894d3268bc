using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ComodCluster.Engine.LinearAlgebra;

/// <summary>
/// Products of rows in float64. Every number is the sum of the same four interleaved partial sums in the same order,
/// and a product is rounded before it is added: so it has the same bits wherever its row lies in memory and whatever
/// vectors the processor has.
/// </summary>
internal static class Products
{
    // Rows of a tile, and how much of their length is read at once: 6 rows of 256 stay in the first-level cache.
    private const int Left = 4,
        Right = 2,
        Depth = 256;

    /// <summary>c += factor * a b', or of a square c the lower triangle alone.</summary>
    /// <param name="a">[m, k]</param>
    /// <param name="b">[n, k]</param>
    /// <param name="c">[m, n]; with <paramref name="lower"/> a few numbers above the diagonal change too.</param>
    /// <param name="factor">1 or -1.</param>
    public static void Add(Block a, Block b, Block c, double factor = 1, bool lower = false)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Columns, b.Columns);
        ArgumentOutOfRangeException.ThrowIfNotEqual((a.Rows, b.Rows), (c.Rows, c.Columns));
        for (var from = 0; from < a.Columns; from += Depth)
        {
            var depth = Math.Min(Depth, a.Columns - from);
            for (var i = 0; i < a.Rows; i += Left)
            {
                var rows = Math.Min(Left, a.Rows - i);
                var columns = lower ? Math.Min(i + rows, b.Rows) : b.Rows;
                for (var j = 0; j < columns; j += Right)
                {
                    if (rows == Left && j + Right <= b.Rows)
                        AddTile(
                            ref a[i, from],
                            a.Stride,
                            ref b[j, from],
                            b.Stride,
                            depth,
                            ref c[i, j],
                            c.Stride,
                            factor
                        );
                    else
                        for (var row = i; row < i + rows; row++)
                        for (var column = j; column < Math.Min(j + Right, b.Rows); column++)
                            c[row, column] +=
                                factor * Dot(a.Row(row).Slice(from, depth), b.Row(column).Slice(from, depth));
                }
            }
        }
    }

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, b.Length);
        return Dot(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(b), a.Length);
    }

    /// <summary>target += factor * source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(double factor, ReadOnlySpan<double> source, Span<double> target)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, target.Length);
        ref double from = ref MemoryMarshal.GetReference(source),
            to = ref MemoryMarshal.GetReference(target);
        var factors = Vector256.Create(factor);
        nuint length = (nuint)source.Length,
            i = 0;
        for (; i + 4 <= length; i += 4)
            (Vector256.LoadUnsafe(ref to, i) + Vector256.LoadUnsafe(ref from, i) * factors).StoreUnsafe(ref to, i);
        for (; i < length; i++)
            Unsafe.Add(ref to, i) += Unsafe.Add(ref from, i) * factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(ref double a, ref double b, int length)
    {
        var sum = Vector256<double>.Zero;
        nuint k = 0;
        for (; k + 4 <= (nuint)length; k += 4)
            sum += Vector256.LoadUnsafe(ref a, k) * Vector256.LoadUnsafe(ref b, k);
        return Total(sum, ref a, ref b, k, (nuint)length);
    }

    // c[4, 2] += factor * a[4, depth] b[2, depth]'
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile(
        ref double a,
        int aStride,
        ref double b,
        int bStride,
        int depth,
        ref double c,
        int cStride,
        double factor
    )
    {
        ref double a1 = ref Unsafe.Add(ref a, aStride),
            a2 = ref Unsafe.Add(ref a1, aStride),
            a3 = ref Unsafe.Add(ref a2, aStride),
            b1 = ref Unsafe.Add(ref b, bStride);
        Vector256<double> s00 = default,
            s01 = default,
            s10 = default,
            s11 = default,
            s20 = default,
            s21 = default,
            s30 = default,
            s31 = default;
        nuint k = 0,
            length = (nuint)depth;
        for (; k + 4 <= length; k += 4)
        {
            Vector256<double> left = Vector256.LoadUnsafe(ref b, k),
                right = Vector256.LoadUnsafe(ref b1, k),
                x = Vector256.LoadUnsafe(ref a, k);
            s00 += x * left;
            s01 += x * right;
            x = Vector256.LoadUnsafe(ref a1, k);
            s10 += x * left;
            s11 += x * right;
            x = Vector256.LoadUnsafe(ref a2, k);
            s20 += x * left;
            s21 += x * right;
            x = Vector256.LoadUnsafe(ref a3, k);
            s30 += x * left;
            s31 += x * right;
        }
        c += factor * Total(s00, ref a, ref b, k, length);
        Unsafe.Add(ref c, 1) += factor * Total(s01, ref a, ref b1, k, length);
        c = ref Unsafe.Add(ref c, cStride);
        c += factor * Total(s10, ref a1, ref b, k, length);
        Unsafe.Add(ref c, 1) += factor * Total(s11, ref a1, ref b1, k, length);
        c = ref Unsafe.Add(ref c, cStride);
        c += factor * Total(s20, ref a2, ref b, k, length);
        Unsafe.Add(ref c, 1) += factor * Total(s21, ref a2, ref b1, k, length);
        c = ref Unsafe.Add(ref c, cStride);
        c += factor * Total(s30, ref a3, ref b, k, length);
        Unsafe.Add(ref c, 1) += factor * Total(s31, ref a3, ref b1, k, length);
    }

    private static double Total(Vector256<double> sum, ref double a, ref double b, nuint from, nuint length)
    {
        var total = sum.GetElement(0) + sum.GetElement(1) + (sum.GetElement(2) + sum.GetElement(3));
        for (; from < length; from++)
            total += Unsafe.Add(ref a, from) * Unsafe.Add(ref b, from);
        return total;
    }
}
