using System.Globalization;

namespace ComodCluster.Engine.Activations;

/// <summary>What the prefix activations of a job take, known before any is computed.</summary>
/// <param name="Images">Distinct images, over all cuts.</param>
/// <param name="Bytes">Bytes of all their activations.</param>
/// <param name="Missing">Images that are in no cache yet.</param>
/// <param name="FitInMemory">All fit into the memory's budget; else they come from files or are computed again at each
/// step.</param>
/// <param name="Places">Where the activations are: the cuts, and <c>input</c>, the decoded pixels, for methods that
/// change the network from its first layer on.</param>
public sealed record ActivationNeeds(int Images, long Bytes, int Missing, bool FitInMemory, string Places)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Missing} of {Images} images at {Places}, {Bytes / 1e6:0.#} "
                + $"MB{(FitInMemory ? "" : ", more than ActivationCacheBytes")}"
        );
}
