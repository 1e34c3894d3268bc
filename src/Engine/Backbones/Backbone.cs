using System.Security.Cryptography;
using ComodCluster.Engine.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Backbones;

/// <summary>
/// A frozen residual network: prefix and suffix around any cut. Batch norm is folded into the convolutions, all is
/// channels-last, no parameter ever takes a gradient. Use it on the thread that owns the device.
/// </summary>
public sealed class Backbone : IDisposable
{
    private static readonly Scalar NormEpsilon = LibTorch.ScalarOf(1e-5);

    private readonly ResidualNetwork _network;
    private readonly Dictionary<ConvLayout, (Tensor Weight, Tensor Bias)> _convs;
    private readonly float[] _head,
        _headOffsets; // on the host: [K, D], [K]

    private Backbone(BackboneSpec spec, string digest, Device device, Precision precision, SafeTensors file)
    {
        (Spec, Digest, Device, Precision) = (spec, digest, device, precision);
        _network = new ResidualNetwork(spec);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _convs = _network.Convs.ToDictionary(c => c, c => Fold(c, file));
        (_head, _headOffsets) = spec.HasHead
            ? (file.Tensors["fc.weight"].ToFloats(), file.Tensors["fc.bias"].ToFloats())
            : ([], []);
        HeadWeight = Resident(tensor(_head, [spec.Classes.Count, spec.FeatureWidth]), ScalarType.Float32);
        HeadBias = Resident(tensor(_headOffsets), ScalarType.Float32);
        foreach (var parameter in Parameters)
            parameter.DetachFromDisposeScope();
    }

    public BackboneSpec Spec { get; }

    /// <summary>Whether the description is the file's own.</summary>
    public bool DescribesItself { get; private init; }

    /// <summary>SHA-256 of the file it was loaded from, lower-case hexadecimal.</summary>
    public string Digest { get; }

    public Device Device { get; }

    public Precision Precision { get; }

    /// <summary>D: features after global pooling.</summary>
    public int FeatureWidth => Spec.FeatureWidth;

    /// <summary>[K, D], a row per class of <see cref="BackboneSpec.Classes"/>: none without a head.</summary>
    public Tensor HeadWeight { get; }

    /// <summary>[K]</summary>
    public Tensor HeadBias { get; }

    /// <summary>A row of <see cref="HeadWeight"/> on the host, [D].</summary>
    public ReadOnlySpan<float> HeadRow(int k) => _head.AsSpan(k * FeatureWidth, FeatureWidth);

    /// <summary>An element of <see cref="HeadBias"/> on the host.</summary>
    public float HeadOffset(int k) => _headOffsets[k];

    public IReadOnlyList<Cut> Cuts => Spec.Cuts;

    /// <summary>Bytes that the parameters occupy on the device.</summary>
    public long ResidentBytes => Parameters.Sum(p => p.numel() * p.element_size());

    public long ParameterCount => Parameters.Sum(p => p.numel());

    private IEnumerable<Tensor> Parameters =>
        [.. _convs.Values.SelectMany(c => new[] { c.Weight, c.Bias }), HeadWeight, HeadBias];

    /// <param name="file">A safetensors file with torchvision's names; <c>num_batches_tracked</c> is ignored.</param>
    /// <param name="expectedDigest">SHA-256 that the file must have, hexadecimal.</param>
    /// <param name="specIfNoMetadata">Describes a file that carries no description of its own.</param>
    /// <param name="precision">Precision of the convolutions.</param>
    /// <exception cref="InputException">
    /// <c>backbone-digest</c>, or as <see cref="BackboneFile.Read"/>.
    /// </exception>
    public static Backbone Load(
        byte[] file,
        Device device,
        string? expectedDigest = null,
        BackboneSpec? specIfNoMetadata = null,
        Precision precision = Precision.Float32
    )
    {
        var digest = SafeTensors.DigestOf(file);
        if (expectedDigest is not null && !string.Equals(digest, expectedDigest, StringComparison.OrdinalIgnoreCase))
            throw new InputException(
                "backbone-digest",
                $"The backbone's weights have the digest mismatch {digest} instead of {expectedDigest}: the file "
                    + $"was changed or damaged, register it again."
            );
        var read = BackboneFile.Read(
            file,
            own => own ?? specIfNoMetadata ?? new BackboneClaim(null, null).Resolve(null)
        );
        return new Backbone(read.Spec, digest, device, precision, read.Tensors)
        {
            DescribesItself = read.DescribesItself,
        };
    }

    /// <summary>The frozen part before <paramref name="cut"/>, without autograd.</summary>
    /// <param name="images">[B, 3, H, W], float32, normalised by the spec's mean and std.</param>
    /// <param name="pools">Take the outputs of the stages before the cut; that at the cut belongs to the part after
    /// it.</param>
    /// <returns>[B, C, H', W'] of the backbone's precision, channels-last, after its ReLU; float32 [B, D] at
    /// <see cref="Cut.Pool"/>.</returns>
    public Tensor Prefix(Tensor images, Cut cut, StagePools? pools = null)
    {
        cut = Spec.Resolve(cut);
        if (images.dim() != 4 || images.shape[1] != Spec.Channels)
            throw new InputException(
                "image-channels",
                $"The images have the shape [{string.Join(", ", images.shape)}] where the backbone needs [rows, "
                    + $"{Spec.Channels}, height, width]."
            );
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var x = ChannelsLast(images.to(Precision.ToScalarType()));
        if (cut == Cut.Input)
            return x.MoveToOuterDisposeScope();
        x = _network.Run(_network.Stem(x, Convolve), 0, _network.BlocksBefore(cut), Convolve, pools: pools);
        return (cut == Cut.Pool ? Pool(x, pools) : x).MoveToOuterDisposeScope();
    }

    /// <summary>Pools of the frozen network, in one pass no further than they need.</summary>
    /// <param name="images">As for <see cref="Prefix"/>.</param>
    public void Pools(Tensor images, StagePools pools)
    {
        using var last = Prefix(images, Cut.AfterStage(pools.LastStage), pools);
        pools.Take(pools.LastStage, last);
    }

    /// <summary>The part after <paramref name="cut"/>, differentiable with respect to <paramref name="h"/>.</summary>
    /// <param name="h">[B, C, H', W'] as <see cref="Prefix"/> returned it, gains applied, of any float type; [B, D] at
    /// <see cref="Cut.Pool"/>.</param>
    /// <param name="pools">Take the outputs of the stages from the cut on.</param>
    /// <returns>float32 [B, D], features after global average pooling.</returns>
    public Tensor Suffix(Tensor h, Cut cut, StagePools? pools = null)
    {
        cut = Spec.Resolve(cut);
        return cut == Cut.Pool ? h.alias() : Features(h, cut, Convolve, pools: pools);
    }

    /// <summary>The part between two cuts, differentiable with respect to <paramref name="h"/>.</summary>
    /// <param name="h">As for <see cref="Suffix"/> at <paramref name="from"/>.</param>
    /// <param name="from">Not the pooling.</param>
    /// <param name="to">After <paramref name="from"/>, not the pooling.</param>
    /// <param name="pools">Take the outputs of the stages from the first cut on and before the second.</param>
    /// <returns>As <see cref="Prefix"/> at <paramref name="to"/>.</returns>
    public Tensor Between(Tensor h, Cut from, Cut to, StagePools? pools = null)
    {
        using var scope = NewDisposeScope();
        (from, to) = (Spec.Resolve(from), Spec.Resolve(to));
        return _network
            .Run(
                Entering(h, from, pools),
                _network.BlocksBefore(from),
                _network.BlocksBefore(to),
                Convolve,
                pools: pools
            )
            .MoveToOuterDisposeScope();
    }

    /// <summary>The layers after a cut as a task has them.</summary>
    /// <param name="h">As <see cref="Prefix"/> returned it at <paramref name="cut"/>, of any float type.</param>
    /// <param name="cut">Resolved, not the pooling.</param>
    /// <param name="unit">Computes a convolution; called for each, in the order of
    /// <see cref="ResidualNetwork.Convs"/>.</param>
    /// <param name="afterStage">What becomes of the output of each stage that follows; null: nothing.</param>
    /// <param name="pools">Take the outputs of the stages from the cut on, as they have become.</param>
    /// <returns>float32 [B, D]</returns>
    internal Tensor Features(
        Tensor h,
        Cut cut,
        ResidualNetwork.Unit unit,
        Func<Tensor, Tensor>? afterStage = null,
        StagePools? pools = null
    )
    {
        using var scope = NewDisposeScope();
        var x = Entering(h, cut, pools);
        if (cut == Cut.Input)
            x = _network.Stem(x, unit);
        x = _network.Run(x, _network.BlocksBefore(cut), _network.Blocks.Count, unit, afterStage, pools);
        return Pool(x, pools).MoveToOuterDisposeScope();
    }

    /// <summary>The layers without their weights.</summary>
    internal ResidualNetwork Layers => _network;

    /// <summary>
    /// A convolution with batch norm folded in: kernel [Out, In, k, k] and bias [Out], of the backbone's precision.
    /// </summary>
    internal (Tensor Kernel, Tensor Bias) Frozen(ConvLayout conv) => _convs[conv];

    internal Tensor Convolve(ConvLayout conv, Tensor x)
    {
        var (kernel, bias) = _convs[conv];
        return Convolved(conv, x, kernel, bias);
    }

    /// <summary>
    /// With a task's own kernel, laid out as the frozen one is: with the same values it gives the same bits.
    /// </summary>
    /// <param name="kernel">A kernel of any float type, rounded to that of x.</param>
    internal static Tensor Convolve(ConvLayout conv, Tensor x, Tensor kernel, Tensor bias) =>
        Convolved(conv, x, ChannelsLast(kernel.to(x.dtype)), bias);

    /// <summary>Activations at every cut before the pooling, from the stem on, in one pass.</summary>
    /// <param name="images">As for <see cref="Prefix"/>.</param>
    /// <param name="differentiable">Whether each is differentiable with respect to those before it.</param>
    /// <returns>In the order of <see cref="Cuts"/>, without <see cref="Cut.Pool"/>.</returns>
    public IList<Tensor> Activations(Tensor images, bool differentiable)
    {
        using var scope = NewDisposeScope();
        using var mode = differentiable ? null : no_grad();
        List<Tensor> h = [Prefix(images, Cut.Stem).requires_grad_(differentiable)];
        for (var block = 0; block < _network.Blocks.Count; block++)
            h.Add(_network.Run(h[^1], block, block + 1, Convolve));
        foreach (var activation in h)
            activation.MoveToOuterDisposeScope();
        return h;
    }

    /// <summary>
    /// Shape of one image's activations at <paramref name="cut"/>; (D, 1, 1) at <see cref="Cut.Pool"/>.
    /// </summary>
    /// <param name="inputSize">Side of the square input, pixels.</param>
    public (int C, int H, int W) ShapeAt(Cut cut, int inputSize) => _network.ShapeAt(Spec.Resolve(cut), inputSize);

    /// <summary>
    /// SHA-256 over the bytes of all resident parameters: equal before and after, nothing was written.
    /// </summary>
    public string ParameterBytesDigest()
    {
        using var scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in Parameters)
            hash.AppendData(parameter.cpu().contiguous().bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        foreach (var parameter in Parameters)
            parameter.Dispose();
    }

    /// <summary>
    /// Strides of [B, H, W, C] under the shape [B, C, H, W]; libtorch follows them from layer to layer.
    /// </summary>
    internal static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>What the layers after a cut read; the last stage's output is for <see cref="Pool"/> to take.</summary>
    private Tensor Entering(Tensor h, Cut cut, StagePools? pools)
    {
        var x = ChannelsLast(h.to(Precision.ToScalarType()));
        if (cut is { Stage: { } stage, Block: null } && stage < Spec.Blocks.Count)
            pools?.Take(stage, x);
        return x;
    }

    private Tensor Pool(Tensor x, StagePools? pools)
    {
        pools?.Take(Spec.Blocks.Count, x);
        return ResidualNetwork.Pool(x);
    }

    private static Tensor Convolved(ConvLayout conv, Tensor x, Tensor kernel, Tensor bias) =>
        nn.functional.conv2d(x, kernel, bias, [conv.Stride, conv.Stride], [conv.Kernel / 2, conv.Kernel / 2]);

    /// <summary>w' = w s and b' = beta - mean s with s = gamma / sqrt(var + 1e-5), computed in float64.</summary>
    private (Tensor Weight, Tensor Bias) Fold(ConvLayout conv, SafeTensors file)
    {
        // Without it the arrays of all convolutions, in float64, would live until the last one is folded.
        using var scope = NewDisposeScope();
        var deviation = (Read(file, $"{conv.Norm}.running_var") + NormEpsilon).sqrt(); // [Out]
        var scale = Read(file, $"{conv.Norm}.weight") / deviation; // [Out]
        var weight = Read(file, $"{conv.Conv}.weight") * scale.reshape(-1, 1, 1, 1); // [Out, In, k, k]
        var bias = Read(file, $"{conv.Norm}.bias") - Read(file, $"{conv.Norm}.running_mean") * scale; // [Out]
        var (kernel, offset) = (
            ChannelsLast(Resident(weight, Precision.ToScalarType())),
            Resident(bias, Precision.ToScalarType())
        );
        if (!kernel.isfinite().all().item<bool>() || !offset.isfinite().all().item<bool>())
            throw new InputException(
                "weights-value",
                $"The tensor '{conv.Conv}.weight' is infinite once its normalisation '{conv.Norm}' is applied, which "
                    + "no network can have; export the weights again."
            );
        return (kernel.MoveToOuterDisposeScope(), offset.MoveToOuterDisposeScope());
    }

    private Tensor Resident(Tensor values, ScalarType type) => values.to(type, Device, copy: true);

    private static Tensor Read(SafeTensors file, string name)
    {
        var stored = file.Tensors[name];
        return tensor(stored.ToFloats(), stored.Shape.ToArray()).to(ScalarType.Float64);
    }
}
