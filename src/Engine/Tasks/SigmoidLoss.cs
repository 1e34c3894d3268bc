using ComodCluster.Engine.Native;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tasks;

/// <summary>Mean binary cross-entropy of sigmoids: attributes do not exclude each other.</summary>
internal sealed class SigmoidLoss : ReadoutLoss
{
    public override bool OneIsRight => false;

    public override int Share(int outputs) => outputs;

    public override Tensor Sums(Tensor logits, Tensor targets) => Terms(logits, targets).sum(-1);

    public override (Tensor Sum, Tensor Gradient) SumAndGradient(Tensor logits, Tensor targets) =>
        (Terms(logits, targets).sum(), logits.sigmoid() - targets);

    public override Tensor Right(Tensor logits, Tensor targets) =>
        (logits >= Scalars.Zero).eq(targets > Scalars.Half).to(ScalarType.Float64).mean([-1]);

    public override double Right(IReadOnlyList<float> probabilities, float[] target) =>
        target.Zip(probabilities, (t, p) => (p >= 0.5) == (t == 1) ? 1.0 : 0).Average();

    public override double Sum<T>(IReadOnlyList<T> probabilities, float[] target, double least)
    {
        var sum = 0.0;
        for (var k = 0; k < target.Length; k++)
            sum -= Math.Log(
                Math.Max(double.CreateChecked(target[k] == 1 ? probabilities[k] : T.One - probabilities[k]), least)
            );
        return sum;
    }

    public override double Chance(IReadOnlyList<float[]> targets) =>
        Enumerable
            .Range(0, targets[0].Length)
            .Average(k => targets.Average(t => t[k]) is var share ? Math.Max(share, 1 - share) : 0);

    public override double Logit(double probability) =>
        Math.Log(Math.Max(probability, LeastProbability)) - Math.Log(Math.Max(1 - probability, LeastProbability));

    public override Tensor Probabilities(Tensor logits) => logits.sigmoid();

    public override void Probabilities(Span<double> logits)
    {
        foreach (ref var x in logits)
            x = 1 / (1 + Math.Exp(-x));
    }

    // 0 where a logit is masked: softplus(-1e9) = 0.
    private static Tensor Terms(Tensor logits, Tensor targets) => nn.functional.softplus(logits) - logits * targets;
}
