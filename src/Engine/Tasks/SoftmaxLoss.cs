using static TorchSharp.torch;

namespace ComodCluster.Engine.Tasks;

/// <summary>Cross-entropy of a softmax: classes exclude each other.</summary>
internal sealed class SoftmaxLoss : ReadoutLoss
{
    public override bool OneIsRight => true;

    public override int Share(int outputs) => 1;

    public override Tensor Sums(Tensor logits, Tensor targets) =>
        -(nn.functional.log_softmax(logits, -1) * targets).sum(-1);

    public override (Tensor Sum, Tensor Gradient) SumAndGradient(Tensor logits, Tensor targets)
    {
        var log = nn.functional.log_softmax(logits, -1);
        return (-(log * targets).sum(), log.exp() - targets);
    }

    public override Tensor Right(Tensor logits, Tensor targets) =>
        logits.argmax(-1).eq(targets.argmax(-1)).to(ScalarType.Float64);

    public override double Right(IReadOnlyList<float> probabilities, float[] target)
    {
        var best = 0;
        for (var k = 1; k < probabilities.Count; k++)
            if (probabilities[k] > probabilities[best])
                best = k;
        return target[best] == 1 ? 1 : 0;
    }

    public override double Sum<T>(IReadOnlyList<T> probabilities, float[] target, double least) =>
        -Math.Log(Math.Max(double.CreateChecked(probabilities[Array.IndexOf(target, 1f)]), least));

    public override double Chance(IReadOnlyList<float[]> targets) =>
        targets.CountBy(t => Array.IndexOf(t, 1f)).Max(c => c.Value) / (double)targets.Count;

    // Softmax forgets a common summand, so the logarithms of probabilities are as good as logits.
    public override double Logit(double probability) => Math.Log(Math.Max(probability, LeastProbability));

    public override Tensor Probabilities(Tensor logits) => nn.functional.softmax(logits, -1);

    public override void Probabilities(Span<double> logits)
    {
        double highest = double.NegativeInfinity,
            sum = 0;
        foreach (var logit in logits)
            highest = Math.Max(highest, logit);
        foreach (var logit in logits)
            sum += Math.Exp(logit - highest);
        for (var k = 0; k < logits.Length; k++)
            logits[k] = Math.Exp(logits[k] - highest) / sum;
    }
}
