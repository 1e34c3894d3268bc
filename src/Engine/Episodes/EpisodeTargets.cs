using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Episodes;

/// <summary>What is right for each training image.</summary>
/// <param name="Targets">Per image [K]: one-hot, or 0 and 1 per attribute.</param>
/// <param name="Strata">Class of each image; one for all where there are attributes.</param>
internal sealed record EpisodeTargets(float[][] Targets, int[] Strata, ReadoutLoss Loss)
{
    /// <returns>[n, K]</returns>
    public Tensor Of(int[] images, Device device) =>
        tensor([.. images.SelectMany(i => Targets[i])], [images.Length, Targets[0].Length], device: device);
}
