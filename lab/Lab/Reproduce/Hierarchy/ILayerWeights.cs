using System.Runtime.Intrinsics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Where weights lie.</summary>
internal interface ILayerWeights
{
    /// <summary>One weight for each of eight rows.</summary>
    static abstract Vector256<float> Load(ref float weights, nuint index);

    /// <summary>Adds eight rows' parts of one weight's gradient.</summary>
    static abstract void Add(ref float gradient, nuint index, Vector256<float> parts);
}
