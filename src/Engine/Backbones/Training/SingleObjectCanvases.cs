using ComodCluster.Engine.Data;
using ComodCluster.Engine.Data.Clutter;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Backbones.Training;

/// <summary>
/// One object at a random cell of a noise canvas (docs/method.md#protocols). Every batch is a pure function of seed and
/// counter.
/// </summary>
internal sealed class SingleObjectCanvases : IDisposable
{
    private static readonly Scalar Noise = LibTorch.ScalarOf(0.3),
        Brightest = LibTorch.ScalarOf(255);

    private const ulong CellStream = 0xCE11,
        FlipStream = 0xF11B;
    private readonly BackboneSpec _spec;
    private readonly Tensor _objects; // [N, 3, 16, 16], normalised

    public SingleObjectCanvases(BackboneSpec spec, ObjectPool objects, Device device)
    {
        _spec = spec;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var mean = tensor(spec.Mean.ToArray()).reshape(1, -1, 1, 1);
        var std = tensor(spec.Std.ToArray()).reshape(1, -1, 1, 1);
        var bytes = tensor(objects.Rgb, [objects.Count, IObjectSource.Side, IObjectSource.Side, RgbImage.Channels]);
        _objects = ((bytes.permute(0, 3, 1, 2).to(ScalarType.Float32) / Brightest - mean) / std)
            .contiguous()
            .to(device)
            .DetachFromDisposeScope();
        Labels = tensor(objects.Labels.Select(l => (long)l).ToArray(), device: device).DetachFromDisposeScope();
    }

    /// <summary>int64 [N]</summary>
    public Tensor Labels { get; }

    /// <param name="rows">Objects of the batch.</param>
    /// <param name="flip">Mirror each at random.</param>
    /// <returns>[B, 3, S, S]</returns>
    public Tensor Batch(long[] rows, bool flip, ulong seed, ulong counter)
    {
        using var scope = NewDisposeScope();
        var device = _objects.device;
        var objects = _objects.index_select(0, tensor(rows, device: device)); // [B, 3, 16, 16]
        if (flip)
        {
            var mirrored = rows.Select(
                    (_, i) => CounterRandom.NextUInt64(seed, FlipStream + counter, (ulong)i) % 2 == 0 ? 1f : 0f
                )
                .ToArray();
            objects = where(
                tensor(mirrored, [rows.Length, 1, 1, 1], device: device) > Scalars.Zero,
                objects.flip(3),
                objects
            );
        }
        using var generator = new Generator(CounterRandom.NextUInt64(seed, CellStream, counter) >> 1);
        var canvas = (
            randn(rows.Length, RgbImage.Channels, _spec.InputSize, _spec.InputSize, generator: generator) * Noise
        ).to(device);
        var cells = _spec.InputSize / IObjectSource.Side;
        for (var i = 0; i < rows.Length; i++)
        {
            var cell = CounterRandom.Below(cells * cells, seed, CellStream + 1 + counter, (ulong)i);
            using var target = canvas[i]
                .narrow(1, cell / cells * IObjectSource.Side, IObjectSource.Side)
                .narrow(2, cell % cells * IObjectSource.Side, IObjectSource.Side);
            target.copy_(objects[i]);
        }
        return canvas.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _objects.Dispose();
        Labels.Dispose();
    }
}
