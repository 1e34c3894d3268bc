using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Trials;

/// <summary>Readouts that a trial fits on the host, and how they do.</summary>
internal sealed class TrialReadouts(TrialPlan plan, TrialImages images, Backbone backbone, DeviceClock clock)
{
    private readonly ReadoutLoss _loss = plan.Task.ReadoutLoss;

    /// <summary>
    /// Rows of the backbone's head, or the readout-only fit: where lanes start, and the base that the gate compares
    /// with.
    /// </summary>
    public FittedReadout First(int[] train)
    {
        if (plan.Task.Mode == ReadoutMode.Head)
        {
            var (weight, bias) = ServedBatches.HeadRows(backbone, plan.Task);
            return new FittedReadout(weight, bias);
        }
        FittedReadout fitted = null!;
        clock.Charge(() =>
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            fitted = LogisticRegression.Fit(images.Features(train), images.TargetsOf(train), _loss);
        });
        return fitted;
    }

    /// <summary>A readout of modulated features, and how it does on held-out images.</summary>
    /// <param name="features">Rows of the training images, then of the held-out ones, [n, D].</param>
    /// <param name="train">Images that it is fitted to.</param>
    /// <param name="held">Images held out; may be empty.</param>
    /// <param name="g">Decoder gain, [D], where it is the prior variance of a unit's weights; null: all have the
    /// same.</param>
    public (FittedReadout Readout, Scores Scores) Fit(float[,] features, int[] train, int[] held, float[]? g)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var all = tensor(features);
        float[]? scale = g is null ? null : [.. g.Select(x => MathF.Sqrt(MathF.Max(x, 0.02f)))];
        var fitted = LogisticRegression.Fit(all.narrow(0, 0, train.Length), images.TargetsOf(train), _loss, scale);
        return (
            fitted,
            held.Length == 0 ? new([], 0) : ScoresOf(fitted, all.narrow(0, train.Length, held.Length), held)
        );
    }

    /// <summary>How a readout of unmodulated features does.</summary>
    public Scores ScoresOf(FittedReadout readout, int[] held)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return ScoresOf(readout, images.Features(held).cpu(), held);
    }

    private Scores ScoresOf(FittedReadout readout, Tensor features, int[] held)
    {
        // In float64: float32 products differ in the last bit with the place of their operands in memory.
        var x = features.to(ScalarType.Float64);
        var logits =
            x.matmul(tensor(readout.Weight, [plan.Task.Outputs, x.shape[1]]).to(ScalarType.Float64).t())
            + tensor(readout.Bias).to(ScalarType.Float64); // [n, K]
        var targets = images.TargetsOf(held).to(ScalarType.Float64);
        using var share = _loss.Share(plan.Task.Outputs).ToScalar();
        return new(
            [.. (_loss.Sums(logits, targets) / share).data<double>().ToArray()],
            _loss.Right(logits, targets).sum().item<double>()
        );
    }
}
