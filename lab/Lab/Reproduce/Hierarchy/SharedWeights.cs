using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>One set of weights for all rows: [index].</summary>
internal readonly struct SharedWeights : ILayerWeights
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ref float weights, nuint index) =>
        Vector256.Create(Unsafe.Add(ref weights, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref float gradient, nuint index, Vector256<float> parts) =>
        Unsafe.Add(ref gradient, index) += Vector256.Sum(parts);
}
