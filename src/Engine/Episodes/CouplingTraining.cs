using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Episodes;

/// <summary>
/// Trains the couplings of a layer by episodes (docs/method.md#couplings-on-a-readout), on the device thread.
/// The same numbers whatever runs beside it.
/// </summary>
internal sealed class CouplingTraining : IDisposable
{
    private const int MostImages = 128;

    private static readonly Scalar LeastPrior = LibTorch.ScalarOf(0.02);

    private readonly ModulatedPlace _features;
    private readonly int[] _images;
    private readonly EpisodeTargets _targets;
    private readonly TaskSettings _settings;
    private readonly GainSource _label;
    private readonly double _bound;
    private readonly Tensor _scale; // [1, D]
    private readonly AdamColumn[] _trained;
    private readonly AdamColumn _u,
        _v;
    private Tensor _g,
        _tau; // [1, D] and [1, 1]

    /// <param name="features">Of images among which are the training images.</param>
    /// <param name="images">Which are.</param>
    /// <param name="targets">Of the training images, in their order.</param>
    /// <param name="layer">Channels, and cells of the coarse grid.</param>
    /// <param name="scale">One over about each feature's standard deviation in the frozen network, [D].</param>
    /// <param name="settings">Of the trial.</param>
    /// <param name="label">Where the decoder gain comes from: one, the difference or the covariance.</param>
    public CouplingTraining(
        ModulatedPlace features,
        int[] images,
        EpisodeTargets targets,
        ChangeShape layer,
        float[] scale,
        TaskSettings settings,
        GainSource label,
        Device device
    )
    {
        (_features, _images, _targets, _settings, _label) = (features, images, targets, settings, label);
        _bound = settings.Cap / Math.Abs(settings.Mu);
        using var scope = NewDisposeScope();
        _scale = tensor(scale, [1, scale.Length], device: device).DetachFromDisposeScope();
        _u = new AdamColumn(zeros(1, layer.U, device: device), settings.LearningRate);
        _v = new AdamColumn(zeros(1, layer.VHeight, layer.VWidth, device: device), settings.LearningRate);
        var change = NetworkChange.Of(NetworkPart.Couplings);
        _trained =
        [
            .. change.TrainsU(settings) ? [_u] : Array.Empty<AdamColumn>(),
            .. change.TrainsV(settings) ? [_v] : Array.Empty<AdamColumn>(),
        ];
        _g = ones(1, scale.Length, device: device).DetachFromDisposeScope();
        _tau = ones(1, 1, device: device).DetachFromDisposeScope();
    }

    /// <summary>Steps that were taken.</summary>
    public int Step { get; private set; }

    /// <summary>Of the latest step, nats; NaN before.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>Whether loss and couplings are numbers; where they are not, there is nothing to go on with.</summary>
    public bool IsFinite { get; private set; } = true;

    public float[] U => Floats(_u.Value);

    /// <summary>Row by row.</summary>
    public float[] V => Floats(_v.Value);

    /// <summary>Decoder gain of each feature, [D], mean 1.</summary>
    public float[] G => Floats(_g);

    /// <summary>One step of Adam, and every few the decoder gain anew.</summary>
    public void Advance()
    {
        using var scope = NewDisposeScope();
        var episode = Episode.Draw(_targets.Strata, MostImages, _settings.Seed, Step);
        int[] images = [.. episode.Support, .. episode.Query];
        if (_label != GainSource.One && Step % _settings.RefreshEvery == 0)
            Refresh(images);
        foreach (var column in _trained)
            column.Value.requires_grad_(true);
        using var penalty = _settings.Penalty.ToScalar();
        var loss = EpisodeLoss.Of(
            _features.Of(Couplings, _settings.Mu, At(images)),
            _targets.Of(images, _scale.device),
            episode.Support.Length,
            _scale * _g.clamp_min(LeastPrior).sqrt(),
            _targets.Loss
        );
        var total = loss + (_u.Value.square().sum() + _v.Value.square().sum()) * penalty;
        var gradients = autograd.grad([total], [.. _trained.Select(c => c.Value)]);
        Loss = loss.item<float>();
        Step++;
        using var frozen = no_grad();
        foreach (var (column, gradient) in _trained.Zip(gradients))
            column.Descend(gradient);
        IsFinite = double.IsFinite(Loss) && _trained.All(c => c.Value.isfinite().all().item<bool>());
    }

    /// <summary>As they are trained.</summary>
    public LayerCouplings Couplings => new(_u.Value, _v.Value, _bound, _settings.GainForm);

    public void Dispose()
    {
        _scale.Dispose();
        _u.Dispose();
        _v.Dispose();
        _g.Dispose();
        _tau.Dispose();
    }

    private int[] At(int[] places) => Array.ConvertAll(places, i => _images[i]);

    private void Refresh(int[] images)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (mu, sigma) = (Filled(_settings.Mu), Filled(_settings.Sigma));
        var estimate =
            _label == GainSource.Difference
                ? NoiseFreeLabel.Difference(Response, mu, sigma)
                : CovarianceLabel.ByQuadrature(Response, mu, sigma);
        var (g, tau) = DecoderGain.Update(_g, _tau, sigma, estimate);
        Replace(ref _g, g);
        Replace(ref _tau, tau);

        (Tensor, Tensor) Response(Tensor modulator)
        {
            // In units of each feature: else the large ones would have all of the gain.
            var d = _features.Of(Couplings, modulator.item<float>(), At(images)) * _scale;
            return (d.mean([0], keepdim: true), d.abs().mean([0], keepdim: true));
        }
    }

    private Tensor Filled(double value) => tensor([(float)value], [1, 1], device: _scale.device);

    private static void Replace(ref Tensor held, Tensor next)
    {
        held.Dispose();
        held = next.DetachFromDisposeScope();
    }

    private static float[] Floats(Tensor values)
    {
        using var scope = NewDisposeScope();
        return HostTensors.Read(values.detach().flatten()).ToArray();
    }
}
