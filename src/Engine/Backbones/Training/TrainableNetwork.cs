using ComodCluster.Engine.Data;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Backbones.Training;

/// <summary>The residual network with weights that learn and batch norm in both modes; torchvision's names.</summary>
internal sealed class TrainableNetwork : IDisposable
{
    private readonly ResidualNetwork _network;
    private readonly Dictionary<string, Tensor> _arrays = [];

    /// <summary>He initialisation (normal, fan out); the head uniform in +-1/sqrt(D).</summary>
    public TrainableNetwork(BackboneSpec spec, int seed, Device device)
    {
        _network = new ResidualNetwork(spec);
        ulong stream = 0x1417;
        foreach (var (name, shape) in spec.Arrays())
        {
            stream++;
            var count = (int)shape.Aggregate(1L, (n, d) => n * d);
            var values = Enumerable
                .Range(0, count)
                .Select(i => (float)Start(name, shape, spec, stream, (ulong)i, (ulong)(uint)seed))
                .ToArray();
            _arrays[name] = tensor(values, shape.ToArray(), device: device).DetachFromDisposeScope();
        }
        foreach (var name in Trained)
            _arrays[name].requires_grad_(true);
    }

    public IReadOnlyDictionary<string, Tensor> Arrays => _arrays;

    /// <summary>All but the running statistics.</summary>
    public IEnumerable<string> Trained => _arrays.Keys.Where(n => !n.Contains("running_", StringComparison.Ordinal));

    /// <returns>Logits, [B, K].</returns>
    public Tensor Forward(Tensor images, bool training) // [B, 3, S, S]
    {
        Tensor Unit(ConvLayout conv, Tensor x)
        {
            var y = nn.functional.conv2d(
                x,
                _arrays[$"{conv.Conv}.weight"].to(ScalarType.BFloat16),
                null,
                [conv.Stride, conv.Stride],
                [conv.Kernel / 2, conv.Kernel / 2]
            );
            return nn.functional.batch_norm(
                y,
                _arrays[$"{conv.Norm}.running_mean"],
                _arrays[$"{conv.Norm}.running_var"],
                _arrays[$"{conv.Norm}.weight"],
                _arrays[$"{conv.Norm}.bias"],
                training
            );
        }
        var x = _network.Stem(Backbone.ChannelsLast(images.to(ScalarType.BFloat16)), Unit);
        x = _network.Run(x, 0, _network.Blocks.Count, Unit);
        return ResidualNetwork.Pool(x.to(ScalarType.Float32)).matmul(_arrays["fc.weight"].t()) + _arrays["fc.bias"];
    }

    public void Dispose()
    {
        foreach (var array in _arrays.Values)
            array.Dispose();
    }

    private static double Start(
        string name,
        IReadOnlyList<long> shape,
        BackboneSpec spec,
        ulong stream,
        ulong i,
        ulong seed
    )
    {
        if (name.StartsWith("fc.", StringComparison.Ordinal))
            return (2 * CounterRandom.Uniform(seed, stream, i) - 1) / Math.Sqrt(spec.FeatureWidth);
        if (shape.Count == 4)
            return CounterRandom.Normal(seed, stream, i) * Math.Sqrt(2.0 / (shape[0] * shape[2] * shape[3]));
        return
            name.EndsWith("running_var", StringComparison.Ordinal) || name.EndsWith(".weight", StringComparison.Ordinal)
            ? 1
            : 0;
    }
}
