using System.Numerics;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tasks;

/// <summary>
/// The loss of a readout and all that follows from its kind. A row's loss is its sum over the outputs by its share: 1
/// of classes, K of attributes.
/// </summary>
public abstract class ReadoutLoss
{
    /// <summary>What a probability counts as at least where its logarithm is taken for a logit.</summary>
    protected const double LeastProbability = 1e-30;

    public static ReadoutLoss Classes { get; } = new SoftmaxLoss();

    public static ReadoutLoss Attributes { get; } = new SigmoidLoss();

    public static ReadoutLoss Of(LossKind kind) => kind == LossKind.Classes ? Classes : Attributes;

    /// <summary>Of an image's outputs exactly one is right.</summary>
    public abstract bool OneIsRight { get; }

    /// <summary>What divides the sum over <paramref name="outputs"/> outputs.</summary>
    public abstract int Share(int outputs);

    /// <param name="logits">[..., K]</param>
    /// <param name="targets">[..., K]: one-hot, or 0 and 1 per attribute.</param>
    /// <returns>Sum over the outputs of each row, [...], nats.</returns>
    public abstract Tensor Sums(Tensor logits, Tensor targets);

    /// <summary>Sum over all rows, and the probabilities less the targets: its gradient.</summary>
    /// <inheritdoc cref="Sums"/>
    public abstract (Tensor Sum, Tensor Gradient) SumAndGradient(Tensor logits, Tensor targets);

    /// <summary>1 or 0 for each row of classes; the share of right attributes.</summary>
    /// <inheritdoc cref="Sums"/>
    public abstract Tensor Right(Tensor logits, Tensor targets);

    /// <inheritdoc cref="Right(Tensor, Tensor)"/>
    /// <param name="probabilities">[K]</param>
    /// <param name="target">[K]</param>
    public abstract double Right(IReadOnlyList<float> probabilities, float[] target);

    /// <summary>Sum over the outputs, nats.</summary>
    /// <param name="probabilities">[K]</param>
    /// <param name="target">[K]</param>
    /// <param name="least">What a probability counts as at least.</param>
    public abstract double Sum<T>(IReadOnlyList<T> probabilities, float[] target, double least)
        where T : IFloatingPoint<T>;

    /// <summary>Share of right answers of who always gives the most frequent one.</summary>
    /// <param name="targets">Per image [K].</param>
    public abstract double Chance(IReadOnlyList<float[]> targets);

    /// <summary>A logit that has this probability, up to a summand that all outputs share.</summary>
    public abstract double Logit(double probability);

    /// <param name="logits">[..., K]</param>
    /// <returns>Their probabilities, of the same shape.</returns>
    public abstract Tensor Probabilities(Tensor logits);

    /// <summary>
    /// Turns logits [K] into probabilities, in float64, so that they do not depend on a vector unit's tail.
    /// </summary>
    public abstract void Probabilities(Span<double> logits);
}
