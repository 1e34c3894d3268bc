using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Eight sets, one for each run: [index * 8 + run].</summary>
internal readonly struct OwnWeights : ILayerWeights
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ref float weights, nuint index) =>
        Vector256.LoadUnsafe(ref weights, index * Tile.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref float gradient, nuint index, Vector256<float> parts) =>
        (Vector256.LoadUnsafe(ref gradient, index * Tile.Lanes) + parts).StoreUnsafe(ref gradient, index * Tile.Lanes);
}
