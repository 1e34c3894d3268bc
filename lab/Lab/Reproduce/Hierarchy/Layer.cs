using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>
/// The arithmetic of a layer on a tile of 16 rows. Rows are the last axis of every array of activations, [unit * 16 +
/// row], so that each weight meets all rows at once and no row sees its neighbours: runs that advance together give the
/// same numbers as alone.
/// </summary>
/// <typeparam name="TWeights">Whether all rows have the same weights, or each of eight runs its own.</typeparam>
internal static class Layer<TWeights>
    where TWeights : struct, ILayerWeights
{
    /// <summary>
    /// Inputs taken at a time by all units: they stay in the nearest cache of a layer that takes all.
    /// </summary>
    private const int Block = 128;

    /// <summary>y = max(0, w x + b), or without the cut.</summary>
    public static void Forward(Wiring wiring, float[] weights, float[] bias, float[] x, float[] y, bool cut)
    {
        ref var w = ref MemoryMarshal.GetArrayDataReference(weights);
        ref var b = ref MemoryMarshal.GetArrayDataReference(bias);
        ref var source = ref MemoryMarshal.GetArrayDataReference(wiring.Sources);
        ref var input = ref MemoryMarshal.GetArrayDataReference(x);
        ref var output = ref MemoryMarshal.GetArrayDataReference(y);
        nuint taps = (nuint)wiring.Taps,
            units = (nuint)wiring.Units;
        for (nuint from = 0; from < taps; from += Block)
        for (nuint unit = 0; unit < units; unit++)
        {
            var row = unit * Tile.Rows;
            var first = from == 0 ? TWeights.Load(ref b, unit) : Vector256.LoadUnsafe(ref output, row);
            var second = from == 0 ? first : Vector256.LoadUnsafe(ref output, row + Tile.Lanes);
            for (
                nuint index = unit * taps + from, end = unit * taps + Math.Min(from + Block, taps);
                index < end;
                index++
            )
            {
                var weight = TWeights.Load(ref w, index);
                var at = (nuint)Unsafe.Add(ref source, index) * Tile.Rows;
                first = Vector256.FusedMultiplyAdd(weight, Vector256.LoadUnsafe(ref input, at), first);
                second = Vector256.FusedMultiplyAdd(weight, Vector256.LoadUnsafe(ref input, at + Tile.Lanes), second);
            }
            var whole = cut && from + Block >= taps;
            (whole ? Vector256.Max(first, Vector256<float>.Zero) : first).StoreUnsafe(ref output, row);
            (whole ? Vector256.Max(second, Vector256<float>.Zero) : second).StoreUnsafe(ref output, row + Tile.Lanes);
        }
    }

    /// <summary>Gradient by the inputs.</summary>
    /// <param name="gy">By the sums before the cut.</param>
    public static void BackwardInputs(Wiring wiring, float[] weights, float[] gy, float[] gx)
    {
        Array.Clear(gx);
        ref var w = ref MemoryMarshal.GetArrayDataReference(weights);
        ref var source = ref MemoryMarshal.GetArrayDataReference(wiring.Sources);
        ref var above = ref MemoryMarshal.GetArrayDataReference(gy);
        ref var below = ref MemoryMarshal.GetArrayDataReference(gx);
        nuint taps = (nuint)wiring.Taps,
            units = (nuint)wiring.Units;
        for (nuint from = 0; from < taps; from += Block)
        for (nuint unit = 0; unit < units; unit++)
        {
            var first = Vector256.LoadUnsafe(ref above, unit * Tile.Rows);
            var second = Vector256.LoadUnsafe(ref above, unit * Tile.Rows + Tile.Lanes);
            for (
                nuint index = unit * taps + from, end = unit * taps + Math.Min(from + Block, taps);
                index < end;
                index++
            )
            {
                var weight = TWeights.Load(ref w, index);
                var at = (nuint)Unsafe.Add(ref source, index) * Tile.Rows;
                Vector256
                    .FusedMultiplyAdd(weight, first, Vector256.LoadUnsafe(ref below, at))
                    .StoreUnsafe(ref below, at);
                Vector256
                    .FusedMultiplyAdd(weight, second, Vector256.LoadUnsafe(ref below, at + Tile.Lanes))
                    .StoreUnsafe(ref below, at + Tile.Lanes);
            }
        }
    }

    /// <summary>Adds the gradient by weights and biases, summed over the rows that share them.</summary>
    public static void BackwardWeights(Wiring wiring, float[] gy, float[] x, float[] gWeights, float[] gBias)
    {
        ref var gw = ref MemoryMarshal.GetArrayDataReference(gWeights);
        ref var gb = ref MemoryMarshal.GetArrayDataReference(gBias);
        ref var source = ref MemoryMarshal.GetArrayDataReference(wiring.Sources);
        ref var above = ref MemoryMarshal.GetArrayDataReference(gy);
        ref var input = ref MemoryMarshal.GetArrayDataReference(x);
        nuint taps = (nuint)wiring.Taps,
            units = (nuint)wiring.Units;
        for (nuint from = 0; from < taps; from += Block)
        for (nuint unit = 0; unit < units; unit++)
        {
            var first = Vector256.LoadUnsafe(ref above, unit * Tile.Rows);
            var second = Vector256.LoadUnsafe(ref above, unit * Tile.Rows + Tile.Lanes);
            if (from == 0)
                TWeights.Add(ref gb, unit, first + second);
            for (
                nuint index = unit * taps + from, end = unit * taps + Math.Min(from + Block, taps);
                index < end;
                index++
            )
            {
                var at = (nuint)Unsafe.Add(ref source, index) * Tile.Rows;
                TWeights.Add(
                    ref gw,
                    index,
                    Vector256.FusedMultiplyAdd(
                        first,
                        Vector256.LoadUnsafe(ref input, at),
                        second * Vector256.LoadUnsafe(ref input, at + Tile.Lanes)
                    )
                );
            }
        }
    }
}
