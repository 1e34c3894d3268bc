using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Episodes;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Tests.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Episodes;

public class CouplingTrainingTests : IDisposable
{
    private const int Images = 24;
    private readonly Backbone _backbone = Backbone.Load(Tiny.Weights, CPU);
    private readonly DisposeScope _scope = NewDisposeScope();

    private static TaskSettings Settings => new() { Grid = 3, LearningRate = 0.03 };

    public CouplingTrainingTests() => LibTorch.SetThreads(1);

    public void Dispose()
    {
        _scope.Dispose();
        _backbone.Dispose();
    }

    /// <summary>Features and gradients against the whole pass of a version that is served.</summary>
    [Theory]
    [InlineData("layer2:3x3")]
    [InlineData("layer2:2x2")]
    [InlineData("layer2:3x3[1,2]")]
    [InlineData("penultimate")]
    [InlineData("means")]
    public void Of_AnyPlace_IsWhatThePassGives(string name)
    {
        var place = ReadoutPlace.Parse(name);
        using var modulated = Modulated(place);
        int[] images = [3, 0, 7];

        var (fast, fastU, fastV) = FeaturesAndGradients(place, c => modulated.Of(c, 1, images));
        var (slow, slowU, slowV) = FeaturesAndGradients(place, c => Passed(place, c, images));

        Assert.Equal([3, place.WidthOf(Tiny.Spec)], fast.shape.Select(n => (int)n));
        Near(slow, fast);
        Near(slowU, fastU);
        Near(slowV, fastV);
    }

    [Theory]
    [InlineData(GainSource.One)]
    [InlineData(GainSource.Difference)]
    [InlineData(GainSource.Covariance)]
    public void Advance_FortySteps_LowerTheLossAndRepeatBitByBit(GainSource label)
    {
        using var parts = Modulated(ReadoutPlace.Parse("layer2:3x3"));
        using CouplingTraining training = Training(parts, label),
            again = Training(parts, label);
        List<double> losses = [];
        for (var step = 0; step < 40; step++)
        {
            training.Advance();
            Assert.True(training.IsFinite);
            losses.Add(training.Loss);
            again.Advance();
        }

        Assert.True(losses[^8..].Average() < losses[..8].Average() - 0.02, string.Join(", ", losses));
        Assert.Equal(training.U, again.U);
        Assert.Equal(training.V, again.V);
        Assert.Equal(training.G, again.G);
        Assert.Equal(1, training.G.Average(), 1e-3f);
        if (label == GainSource.One)
            Assert.All(training.G, g => Assert.Equal(1, g));
        else
            Assert.True(training.G.Max() > 1.05f);
    }

    /// <summary>The loss of the step itself is still a number.</summary>
    [Fact]
    public void Advance_ToCouplingsThatAreNoNumbers_IsNotFinite()
    {
        using var parts = Modulated(ReadoutPlace.Parse("layer2:3x3"));
        using var training = Training(parts, GainSource.One, Settings with { LearningRate = double.PositiveInfinity });

        training.Advance();

        Assert.True(double.IsFinite(training.Loss));
        Assert.False(training.IsFinite);
    }

    private static CouplingTraining Training(ModulatedPlace features, GainSource label, TaskSettings? settings = null)
    {
        var width = new StagePool(2, 3).WidthOf(Tiny.Spec);
        int[] classes = [.. Enumerable.Range(0, Images).Select(i => i % 3)];
        float[][] targets =
        [
            .. classes.Select(c =>
                new float[3]
                    .Select((_, k) => k == c ? 1f : 0)
                    .ToArray()
            ),
        ];
        return new(
            features,
            [.. Enumerable.Range(0, Images)],
            new(targets, classes, ReadoutLoss.Classes),
            new(ChannelsOf(2), 3, 3),
            [.. Enumerable.Repeat(1f, width)],
            settings ?? Settings,
            label,
            CPU
        );
    }

    private ModulatedPlace Modulated(ReadoutPlace place)
    {
        using var pools = new StagePools(RecordLayout.Of(Tiny.Spec).Pools);
        _backbone.Pools(Pixels(), pools);
        var activations = _backbone.Prefix(Pixels(), ModulatedPlace.CutOf(Tiny.Spec, place));
        return new(Tiny.Spec, place, activations, pools.Values(), (3, 3));
    }

    private Tensor Passed(ReadoutPlace place, LayerCouplings couplings, int[] images)
    {
        var cut = ModulatedPlace.CutOf(Tiny.Spec, place);
        var layout = RecordLayout.Of(Tiny.Spec).Only([place]);
        using var pools = new StagePools(layout.Pools);
        var pixels = Pixels().index_select(0, tensor(Array.ConvertAll(images, i => (long)i)));
        NetworkChange
            .Of(NetworkPart.Couplings)
            .Features(
                _backbone,
                _backbone.Prefix(pixels, cut, pools),
                cut,
                new(couplings.U, couplings.V, ones(1, 1), full([1, 1], 3f), couplings.Form, null),
                pools
            );
        return cat([.. layout.PartsOf(place).Select(p => pools.Values().narrow(1, p.Offset, p.Length))], 1);
    }

    private static (Tensor Features, Tensor U, Tensor V) FeaturesAndGradients(
        ReadoutPlace place,
        Func<LayerCouplings, Tensor> features
    )
    {
        using var size = 0.3.ToScalar();
        var channels = ChannelsOf(ModulatedPlace.CutOf(Tiny.Spec, place).Stage!.Value);
        Tensor u = (arange(channels, ScalarType.Float32).sin() * size).reshape(1, -1),
            v = (arange(9, ScalarType.Float32).cos() * size).reshape(1, 3, 3);
        LayerCouplings couplings = new(u.requires_grad_(true), v.requires_grad_(true), 3, GainForm.Exponential);
        var found = features(couplings);
        var by = arange(found.numel(), ScalarType.Float32).cos().reshape(found.shape);
        var gradients = autograd.grad([(found * by).sum()], [u, v]);
        return (found.detach(), gradients[0], gradients[1]);
    }

    private static int ChannelsOf(int stage) => Tiny.Spec.ShapeAt(Cut.AfterStage(stage)).C;

    private static void Near(Tensor expected, Tensor actual)
    {
        var (a, b) = (HostTensors.Read(expected.flatten()).ToArray(), HostTensors.Read(actual.flatten()).ToArray());
        Assert.Equal(a.Length, b.Length);
        for (var i = 0; i < a.Length; i++)
            Assert.Equal(a[i], b[i], 1e-4f * Math.Max(1, Math.Abs(a[i])));
    }

    /// <summary>Each of three classes is brighter in a corner of its own, in noise.</summary>
    private static Tensor Pixels()
    {
        var side = Tiny.Spec.InputSize;
        var values = new float[Images * 3 * side * side];
        for (var i = 0; i < values.Length; i++)
        {
            var (image, y, x) = (i / (3 * side * side), i / side % side, i % side);
            var corner = (y < side / 2 ? 0 : 1) + (x < side / 2 ? 0 : 2);
            values[i] = (float)(CounterRandom.Normal(7, 1, (ulong)i) + (corner == image % 3 ? 0.7 : 0));
        }
        return tensor(values, [Images, 3, side, side]);
    }
}
