using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Comodulation;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// Runs tiles of fixed size over the slots of one <see cref="TaskTable"/>. A tile is S segments of R rows; each segment belongs to one lane,
/// padding segments to none. Every number of a segment depends on that segment's rows only, so neighbours change no bit of it.
/// </summary>
public sealed class TileExecutor(Backbone backbone, Cut cut, GainForm form, TaskTable table, PrefixCache prefixes, int rowsPerSegment, int tileRows)
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    // Finite, so that a masked logit is never a NaN; far below any logit, so that its probability is exactly 0.
    private const float Masked = -1e9f;

    private readonly Device _device = backbone.Device;

    /// <summary>S</summary>
    public int Segments { get; } = tileRows / rowsPerSegment;

    /// <summary>One optimiser step of up to S lanes.</summary>
    /// <returns>Per lane the loss without penalty, and whether everything stayed finite; where not, nothing of that lane was changed.</returns>
    public (double Loss, bool Finite)[] Step(IReadOnlyList<Lane> lanes)
    {
        using var scope = NewDisposeScope();
        var images = lanes.Select(l => l.NextRows()).ToArray();
        var slots = Slots(lanes); // [S]
        var h = Prefix(lanes, images); // [S R, C, H, W]
        bool couplings = lanes.Any(l => l.TrainsCouplings), readouts = lanes.Any(l => l.TrainsReadout);
        Tensor u = Leaf(Column.U, slots, couplings), v = Leaf(Column.V, slots, couplings), w = Leaf(Column.W, slots, readouts), b = Leaf(Column.B, slots, readouts);

        var d = Respond(h, u, v, Vector(lanes, l => l.Settings.Mu), lanes); // [S, R, D]
        var logits = Logits(d * table.Gather(Column.G, slots).unsqueeze(1), w, b, lanes); // [S, R, K]
        var losses = RowLosses(logits, Target(lanes, images), lanes); // [S, R]
        var weights = RowWeights(images); // [S, R]
        var loss = where(weights > 0, losses * weights, zeros_like(losses)).sum(1); // [S]
        var total = loss.sum();
        if (couplings) total = total + (Vector(lanes, l => l.Settings.Penalty).squeeze(1) * ((u * u).sum(1) + (v * v).sum([1, 2]))).sum();

        Tensor[] leaves = [.. couplings ? [u, v] : Array.Empty<Tensor>(), .. readouts ? [w, b] : Array.Empty<Tensor>()];
        var gradients = autograd.grad([total], leaves);
        using var frozen = no_grad();
        var finite = loss.isfinite(); // [S]
        var updates = new List<(Column, Tensor)>();
        if (couplings)
        {
            Adam(Column.U, u, gradients[0], slots, Vector(lanes, l => l.TrainsU ? l.Rate : 0), lanes, updates, ref finite);
            Adam(Column.V, v, gradients[1], slots, Vector(lanes, l => l.TrainsV ? l.Rate : 0), lanes, updates, ref finite);
        }
        if (readouts)
        {
            Adam(Column.W, w, gradients[^2], slots, Vector(lanes, l => l.TrainsReadout ? l.ReadoutRate : 0), lanes, updates, ref finite);
            Adam(Column.B, b, gradients[^1], slots, Vector(lanes, l => l.TrainsReadout ? l.ReadoutRate : 0), lanes, updates, ref finite);
        }
        var used = slots.narrow(0, 0, lanes.Count);
        foreach (var (column, value) in updates)
        {
            var old = table.Gather(column, slots);
            table.Scatter(column, used, where(Like(finite, value), value, old).narrow(0, 0, lanes.Count));
        }
        var lossValues = loss.cpu().data<float>().ToArray();
        var finiteValues = finite.cpu().data<bool>().ToArray();
        return [.. lanes.Select((_, i) => ((double)lossValues[i], finiteValues[i]))];
    }

    /// <summary>Decoder gain of up to S lanes, on the rows of their coming step. All have the estimator, nodes and samples of the first.</summary>
    public void Refresh(IReadOnlyList<Lane> lanes)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var images = lanes.Select(l => l.NextRows()).ToArray();
        var slots = Slots(lanes);
        var h = Prefix(lanes, images);
        Tensor u = table.Gather(Column.U, slots), v = table.Gather(Column.V, slots);
        var weights = RowWeights(images).unsqueeze(2); // [S, R, 1]
        Tensor mu = Vector(lanes, l => l.Settings.Mu), sigma = Vector(lanes, l => l.Settings.Sigma); // [S, 1]
        var settings = lanes[0].Settings;
        var estimate = settings.Estimator == CovarianceEstimator.Quadrature
            ? CovarianceLabel.ByQuadrature(Response, mu, sigma, settings.Nodes)
            : CovarianceLabel.ByMonteCarlo(Response, mu, sigma, Noise(lanes), settings.Samples, (int)u.shape[1]);
        var (g, tau) = DecoderGain.Update(table.Gather(Column.G, slots), table.Gather(Column.Tau, slots), sigma, estimate);
        var used = slots.narrow(0, 0, lanes.Count);
        table.Scatter(Column.G, used, g.narrow(0, 0, lanes.Count));
        table.Scatter(Column.Tau, used, tau.narrow(0, 0, lanes.Count));

        (Tensor, Tensor) Response(Tensor modulator)
        {
            using var inner = NewDisposeScope();
            var d = Respond(h, u, v, modulator, lanes); // [S, R, D]
            d = where(weights > 0, d, zeros_like(d));
            var mean = (d * weights).sum(1); // [S, D]
            var absolute = (d.abs() * weights).sum(1);
            return (mean.MoveToOuterDisposeScope(), absolute.MoveToOuterDisposeScope());
        }
    }

    /// <summary>Loss and probabilities of one segment of images for each of up to S lanes, noise off.</summary>
    /// <param name="segments">A lane and at most R places of its pack.</param>
    /// <returns>Per segment, per image.</returns>
    public (double Loss, float[] Probabilities)[][] Evaluate(IReadOnlyList<(Lane Lane, int[] Images)> segments)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Lane[] lanes = [.. segments.Select(s => s.Lane)];
        var images = segments.Select(s => s.Images).ToArray();
        var slots = Slots(lanes);
        var d = Features(lanes, images, slots); // [S, R, D]
        var logits = Logits(d * table.Gather(Column.G, slots).unsqueeze(1), table.Gather(Column.W, slots), table.Gather(Column.B, slots), lanes);
        var losses = RowLosses(logits, Target(lanes, images), lanes).cpu().data<float>().ToArray();
        var soft = nn.functional.softmax(logits, -1).cpu().data<float>().ToArray();
        var sigmoid = logits.sigmoid().cpu().data<float>().ToArray();
        var outputs = (int)logits.shape[2];
        return [.. segments.Select((s, i) => s.Images.Select((_, r) =>
        {
            var row = i * rowsPerSegment + r;
            var from = s.Lane.Task.Loss == LossKind.Classes ? soft : sigmoid;
            return ((double)losses[row], from.AsSpan(row * outputs, s.Lane.Task.Outputs).ToArray());
        }).ToArray())];
    }

    /// <summary>Modulated features of segments of images, noise off, without the decoder gain: per segment [n, D].</summary>
    public float[][,] ModulatedFeatures(IReadOnlyList<(Lane Lane, int[] Images)> segments)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Lane[] lanes = [.. segments.Select(s => s.Lane)];
        var d = Features(lanes, [.. segments.Select(s => s.Images)], Slots(lanes)).contiguous().cpu(); // [S, R, D]
        var width = (int)d.shape[2];
        var values = d.data<float>().ToArray();
        return [.. segments.Select((s, i) =>
        {
            var features = new float[s.Images.Length, width];
            Buffer.BlockCopy(values, i * rowsPerSegment * width * sizeof(float), features, 0, s.Images.Length * width * sizeof(float));
            return features;
        })];
    }

    private Tensor Features(IReadOnlyList<Lane> lanes, int[][] images, Tensor slots) =>
        Respond(Prefix(lanes, images), table.Gather(Column.U, slots), table.Gather(Column.V, slots), Vector(lanes, l => l.Settings.Mu), lanes);

    /// <summary>s(gamma(m) h): [S R, C, H, W] -> [S, R, D].</summary>
    /// <param name="modulator">[S, 1] or [S, C]</param>
    private Tensor Respond(Tensor h, Tensor u, Tensor v, Tensor modulator, IReadOnlyList<Lane> lanes)
    {
        if (cut != Cut.Pool)
        {
            var squared = Vector(lanes, l => l.Settings.NonNegative ? 1 : 0) > 0; // [S, 1]
            var c = EncoderGain.Couplings(
                where(squared, u * u, u), where(squared.unsqueeze(2), v * v, v),
                Vector(lanes, l => l.Settings.Cap / Math.Abs(l.Settings.Mu)).reshape(-1, 1, 1, 1)); // [S, C, h, w]
            h = backbone.Suffix(EncoderGain.Modulate(h, EncoderGain.Gamma(c, modulator.unsqueeze(-1).unsqueeze(-1), form)), cut); // [S R, D]
        }
        return h.reshape(Segments, rowsPerSegment, -1);
    }

    /// <summary>[S, R, D] x [S, K, D] -> [S, R, K]; outputs that a lane does not have are masked.</summary>
    private Tensor Logits(Tensor d, Tensor w, Tensor b, IReadOnlyList<Lane> lanes)
    {
        var logits = bmm(d, w.transpose(1, 2)) + b.unsqueeze(1);
        var outputs = (int)logits.shape[2];
        if (lanes.All(l => l.Task.Outputs == outputs)) return logits;
        var has = Matrix(outputs, (i, k) => i >= lanes.Count || k < lanes[i].Task.Outputs ? 1 : 0) > 0; // [S, K]
        return where(has.unsqueeze(1), logits, tensor(Masked, device: _device));
    }

    /// <returns>[S, R]</returns>
    private Tensor RowLosses(Tensor logits, Tensor targets, IReadOnlyList<Lane> lanes)
    {
        var softmax = -(nn.functional.log_softmax(logits, -1) * targets).sum(2);
        if (lanes.All(l => l.Task.Loss == LossKind.Classes)) return softmax;
        var sigmoids = nn.functional.softplus(logits) - logits * targets; // 0 where masked: softplus(-1e9) = 0
        var perOutput = sigmoids.sum(2) / Vector(lanes, l => l.Task.Outputs, 1);
        return where(Vector(lanes, l => l.Task.Loss == LossKind.Attributes ? 1 : 0) > 0, perOutput, softmax);
    }

    private void Adam(
        Column column, Tensor value, Tensor gradient, Tensor slots, Tensor rate, IReadOnlyList<Lane> lanes, List<(Column, Tensor)> updates, ref Tensor finite)
    {
        Column firstColumn = column + (Column.UFirst - Column.U), secondColumn = column + (Column.USecond - Column.U);
        // Plain products and quotients only: fused ones may round differently at the end of a vector.
        var first = table.Gather(firstColumn, slots) * Beta1 + gradient * (1 - Beta1);
        var second = table.Gather(secondColumn, slots) * Beta2 + gradient * gradient * (1 - Beta2);
        Tensor Shaped(Tensor perSegment) => perSegment.reshape([Segments, .. Enumerable.Repeat(1L, (int)value.dim() - 1)]);
        var correction1 = Shaped(Vector(lanes, l => 1 - Math.Pow(Beta1, l.Step + 1), 1));
        var correction2 = Shaped(Vector(lanes, l => 1 - Math.Pow(Beta2, l.Step + 1), 1));
        var next = value - Shaped(rate) * (first / correction1 / ((second / correction2).sqrt() + Epsilon));
        next = where(Shaped(rate) > 0, next, value);
        finite = finite.logical_and(next.flatten(1).isfinite().all(1));
        updates.AddRange([(column, next), (firstColumn, first), (secondColumn, second)]);
    }

    private Tensor Prefix(IReadOnlyList<Lane> lanes, int[][] images)
    {
        var rows = new PackImage?[Segments * rowsPerSegment];
        for (var s = 0; s < lanes.Count; s++)
            for (var r = 0; r < images[s].Length; r++) rows[s * rowsPerSegment + r] = new PackImage(lanes[s].Pack, images[s][r]);
        return prefixes.Rows(backbone, cut, rows);
    }

    /// <returns>int64 [S]; padding segments use the scratch slot.</returns>
    private Tensor Slots(IReadOnlyList<Lane> lanes)
    {
        var slots = new long[Segments];
        for (var i = 0; i < lanes.Count; i++) slots[i] = lanes[i].Slot;
        return tensor(slots, device: _device);
    }

    private Tensor Leaf(Column column, Tensor slots, bool trained)
    {
        var values = table.Gather(column, slots);
        return trained ? values.requires_grad_(true) : values;
    }

    /// <summary>1 / n for the n images of a segment, 0 for padding: [S, R].</summary>
    private Tensor RowWeights(int[][] images) =>
        Matrix(rowsPerSegment, (s, r) => s < images.Length && r < images[s].Length ? 1.0 / images[s].Length : 0);

    /// <returns>[S, R, K]</returns>
    private Tensor Target(IReadOnlyList<Lane> lanes, int[][] images)
    {
        var outputs = table.Width(Column.B);
        var values = new float[Segments * rowsPerSegment * outputs];
        for (var s = 0; s < lanes.Count; s++)
            for (var r = 0; r < images[s].Length; r++)
                lanes[s].Target(images[s][r]).CopyTo(values, (s * rowsPerSegment + r) * outputs);
        return tensor(values, [Segments, rowsPerSegment, outputs], device: _device);
    }

    /// <summary>A number per segment, [S, 1]; <paramref name="padding"/> for padding segments.</summary>
    private Tensor Vector(IReadOnlyList<Lane> lanes, Func<Lane, double> of, double padding = 0) =>
        Matrix(1, (s, _) => s < lanes.Count ? of(lanes[s]) : padding);

    private Tensor Matrix(int columns, Func<int, int, double> of)
    {
        var values = new float[Segments * columns];
        for (var i = 0; i < values.Length; i++) values[i] = (float)of(i / columns, i % columns);
        return tensor(values, [Segments, columns], device: _device);
    }

    private static Tensor Like(Tensor perSegment, Tensor value) => perSegment.reshape([perSegment.shape[0], .. Enumerable.Repeat(1L, (int)value.dim() - 1)]);

    private static IReadOnlyList<ModulatorNoise> Noise(IReadOnlyList<Lane> lanes) =>
        [.. lanes.Select(l => new ModulatorNoise(l.Settings.Seed, l.Settings.Rho, l.Settings.Groups))];
}
