using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Episodes;

/// <summary>
/// Loss of images that a ridge regression on others answers, differentiable through its solution (as FiT does with
/// FiLM, Shysheya et al. 2022). The regression is solved in the images of the support, which are few.
/// </summary>
internal static class EpisodeLoss
{
    // For each image of the support.
    private const double Shrinkage = 0.3;

    // From answers, which are about 0 and 1, to logits.
    private static readonly Scalar Sharpness = LibTorch.ScalarOf(12);

    /// <param name="features">Of the support, then of the query: [n, D].</param>
    /// <param name="targets">Of the same images, [n, K].</param>
    /// <param name="support">How many are the support's.</param>
    /// <param name="scale">What a feature is multiplied by, [D]: the inverse of its standard deviation in the frozen
    /// network, and the root of its prior variance. Gains of a feature so become part of its prior.</param>
    /// <returns>Mean over the query, nats.</returns>
    public static Tensor Of(Tensor features, Tensor targets, int support, Tensor scale, ReadoutLoss loss)
    {
        long query = features.shape[0] - support,
            outputs = targets.shape[1];
        var known = features.narrow(0, 0, support);
        var mean = known.mean([0], keepdim: true);
        var z = (known - mean) * scale; // [s, D]
        var asked = (features.narrow(0, support, query) - mean) * scale; // [q, D]
        var answers = targets.narrow(0, 0, support);
        var usual = answers.mean([0], keepdim: true); // [1, K]
        using var shrinkage = (Shrinkage * support).ToScalar();
        var gram = z.matmul(z.t()) + eye(support, device: z.device) * shrinkage;
        var dual = linalg.solve(gram, answers - usual); // [s, K]
        var scores = asked.matmul(z.t()).matmul(dual) + usual;
        // Of two sides of an attribute the half is the border.
        var logits = (loss.OneIsRight ? scores : scores - Scalars.Half) * Sharpness;
        using var share = ((double)loss.Share((int)outputs)).ToScalar();
        return loss.Sums(logits, targets.narrow(0, support, query)).mean() / share;
    }
}
