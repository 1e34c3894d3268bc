using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Tests.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Backbones;

/// <summary>Pools of stages' outputs that a pass collects on its way.</summary>
public class StagePoolsTests : IDisposable
{
    private readonly Backbone _backbone = Backbone.Load(Tiny.Weights, CPU);
    private readonly DisposeScope _scope = NewDisposeScope();

    public StagePoolsTests() => LibTorch.SetThreads(1);

    private static IReadOnlyList<StagePool> All { get; } = RecordLayout.Of(Tiny.Spec).Pools;

    [Fact]
    public void Pools_OfEveryStage_AreMeansOfCellsInOrder()
    {
        var images = Images(3);
        using var pools = new StagePools(All);
        _backbone.Pools(images, pools);
        var values = HostTensors.Read(pools.Values()).ToArray();

        List<double> expected = [];
        for (var row = 0; row < 3; row++)
        {
            foreach (var pool in All)
            {
                var h = _backbone.Prefix(images, Cut.AfterStage(pool.Stage))[row]; // [C, H, H]
                var (channels, side) = ((int)h.shape[0], (int)h.shape[1]);
                for (var cell = 0; cell < pool.Cells; cell++)
                for (var c = 0; c < channels; c++)
                {
                    var (y, x) = (cell / pool.Side, cell % pool.Side);
                    int First(int at) => at * side / pool.Side;
                    int End(int at) => ((at + 1) * side + pool.Side - 1) / pool.Side;
                    expected.Add(h[c, First(y)..End(y), First(x)..End(x)].to(ScalarType.Float64).mean().item<double>());
                }
            }
        }
        Assert.Equal(RecordLayout.Of(Tiny.Spec).Width * 3, expected.Count);
        for (var i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], values[i], 1e-4 * Math.Max(1, Math.Abs(expected[i])));
    }

    [Fact]
    public void Pools_MeansOfTheLastStage_AreTheFeaturesBitByBit()
    {
        using var pools = new StagePools([new StagePool(3, 1)]);
        _backbone.Pools(Images(5), pools);

        Assert.Equal(
            HostTensors.Read(_backbone.Prefix(Images(5), Cut.Pool)).ToArray(),
            HostTensors.Read(pools.Values()).ToArray()
        );
    }

    /// <summary>Of every pool alone against all together, and of an image alone against a batch.</summary>
    [Fact]
    public void Pools_WhateverElseIsWanted_HaveTheSameBits()
    {
        var layout = RecordLayout.Of(Tiny.Spec);
        var together = Records(Images(8), All);
        foreach (var pool in All)
        {
            var alone = Records(Images(8), [pool]);
            Assert.Equal(
                together.SelectMany(r => r[layout.OffsetOf(pool)..][..pool.WidthOf(Tiny.Spec)]),
                alone.SelectMany(r => r)
            );
        }
    }

    /// <summary>
    /// What lies before the cut is the frozen network's, at it and behind it the task's: for every part of the network
    /// that a method may change, at every cut.
    /// </summary>
    [Theory]
    [MemberData(nameof(Changes))]
    public void Features_OfAChange_ArePooledAsTheTaskHasThem(NetworkPart part, string cut)
    {
        var (images, change) = (Images(2), NetworkChange.Of(part));
        var from = change.From(Cut.Parse(cut));
        var settings = Tiny.Settings with { Cut = cut, Grid = 2 };
        var shape = change.ShapeOf(_backbone, from, settings);
        var segments = change.Packs ? 2 : 1;
        var parameters = new ChangeParameters(
            change.StartOfU(_backbone, shape, settings) is { } start
                ? tensor(start, [1, shape.U])
                : Normals(5, segments, shape.U) * 0.2f,
            Normals(6, segments, shape.VHeight, shape.VWidth) * 0.2f,
            ones(segments, 1),
            full(segments, 1, 3f),
            GainForm.Exponential,
            null
        );
        using var pools = new StagePools(All);
        var features = change.Features(_backbone, _backbone.Prefix(images, from, pools), from, parameters, pools);
        var own = HostTensors.Read(pools.Values()).ToArray();
        var frozen = Records(images, All).SelectMany(r => r).ToArray();

        var layout = RecordLayout.Of(Tiny.Spec);
        foreach (var pool in All)
        {
            var (at, width) = (layout.OffsetOf(pool), pool.WidthOf(Tiny.Spec));
            var changed = from.Stage is not { } stage || pool.Stage >= stage;
            Assert.Equal(!changed, own.AsSpan(at, width).SequenceEqual(frozen.AsSpan(at, width)));
        }
        Assert.Equal(
            HostTensors.Read(features)[..Tiny.Spec.FeatureWidth].ToArray(),
            own[layout.OffsetOf(new StagePool(3, 1))..][..Tiny.Spec.FeatureWidth]
        );
    }

    public static MatrixTheoryData<NetworkPart, string> Changes { get; } =
        new(Enum.GetValues<NetworkPart>().Where(p => p != NetworkPart.None), ["stem", "layer1", "layer2", "layer3"]);

    [Fact]
    public void Values_OfADifferentiablePass_ReachWhatThePassBeganWith()
    {
        var h = _backbone.Prefix(Images(2), Cut.AfterStage(1)).requires_grad_(true);
        using var pools = new StagePools([new StagePool(1, 1), new StagePool(2, 2)]);
        _backbone.Suffix(h, Cut.AfterStage(1), pools).Dispose();

        pools.Values().sum().backward();

        Assert.True(h.grad!.abs().sum().item<float>() > 0);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _backbone.Dispose();
    }

    private float[][] Records(Tensor images, IReadOnlyList<StagePool> wanted)
    {
        using var pools = new StagePools(wanted);
        _backbone.Pools(images, pools);
        var values = HostTensors.Read(pools.Values()).ToArray();
        return [.. values.Chunk(values.Length / (int)images.shape[0])];
    }

    private static Tensor Images(int rows) => Normals(1, rows, 3, Tiny.Side, Tiny.Side);

    private static Tensor Normals(ulong seed, params long[] shape) =>
        tensor(
            [
                .. Enumerable
                    .Range(0, (int)shape.Aggregate((a, b) => a * b))
                    .Select(i => (float)CounterRandom.Normal(seed, 0, (ulong)i)),
            ],
            shape
        );
}
