using System.Runtime.InteropServices;
using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// Runs batches of fixed size over the slots of one <see cref="TaskTable"/>. A batch is S segments of R rows; each
/// segment belongs to one lane, padding segments to none. Every number of a segment depends on that segment's rows
/// only, so neighbours change no bit of it.
/// </summary>
public sealed class BatchExecutor(
    Backbone backbone,
    GroupKey key,
    TaskTable table,
    ActivationCache activations,
    int batchRows
)
{
    internal const double Beta1 = 0.9,
        Beta2 = 0.999;

    private static readonly Scalar FirstKept = LibTorch.ScalarOf(Beta1),
        FirstTaken = LibTorch.ScalarOf(1 - Beta1),
        SecondKept = LibTorch.ScalarOf(Beta2),
        SecondTaken = LibTorch.ScalarOf(1 - Beta2),
        Epsilon = LibTorch.ScalarOf(1e-8);

    // Finite, so that a masked logit is never a NaN; far below any logit, so that its probability is exactly 0.
    private const float Masked = -1e9f;

    private readonly Device _device = backbone.Device;
    private readonly NetworkChange _change = NetworkChange.Of(key.Part);
    private readonly int _rows = key.Rows; // R
    private int _rowsPerPass = key.Rows; // r

    /// <summary>S; 1 where tasks cannot share a batch.</summary>
    public int Segments { get; private set; } = NetworkChange.Of(key.Part).Packs ? batchRows / key.Rows : 1;

    /// <summary>Rows that the network sees at once.</summary>
    public int BatchRows => Segments * _rowsPerPass;

    /// <summary>
    /// Half as many rows at once from now on: fewer segments, then segments in several passes whose gradients add up.
    /// </summary>
    /// <returns>False where a batch is one row already.</returns>
    public bool Halve()
    {
        if (Segments > 1)
            Segments /= 2;
        else if (_rowsPerPass > 1)
            _rowsPerPass /= 2;
        else
            return false;
        return true;
    }

    /// <summary>One optimiser step of up to S lanes.</summary>
    /// <returns>Per lane the loss without penalty, and whether everything stayed finite; where not, nothing of that
    /// lane was changed.</returns>
    public (double Loss, bool Finite)[] Step(IReadOnlyList<Lane> lanes)
    {
        using var scope = NewDisposeScope();
        var batch = Assemble(lanes, [.. lanes.Select(l => l.NextRows())]);
        var (network, readouts, gains) = (key.Slot.TrainsNetwork, key.Slot.TrainsReadout, key.Slot.TrainsGain);
        Tensor u = Leaf(Column.U, batch, network),
            v = Leaf(Column.V, batch, network),
            w = Leaf(Column.W, batch, readouts),
            b = Leaf(Column.B, batch, readouts);
        var g = Leaf(Column.G, batch, gains); // [S, D]
        Tensor[] leaves =
        [
            .. network ? [u, v] : Array.Empty<Tensor>(),
            .. gains ? [g] : Array.Empty<Tensor>(),
            .. readouts ? [w, b] : Array.Empty<Tensor>(),
        ];
        Tensor weights = RowWeights(batch.Images),
            targets = Target(batch); // [S, R], [S, R, K]

        Tensor? loss = null; // [S]
        Tensor[]? gradients = null;
        for (var from = 0; from < _rows; from += _rowsPerPass)
        {
            using var pass = NewDisposeScope();
            Tensor Rows(Tensor all) => all.narrow(1, from, _rowsPerPass);
            // [S, r, K]
            var logits = Logits(Respond(batch, from, Parameters(batch, u, v, batch[Setting.Mu])), g, w, b, batch);
            var losses = RowLosses(logits, Rows(targets), batch); // [S, r]
            var share = where(Rows(weights) > Scalars.Zero, losses * Rows(weights), zeros_like(losses)).sum(1); // [S]
            var total = share.sum();
            if (network && from == 0)
                total = total + (batch[Setting.Penalty].squeeze(1) * ((u * u).sum(1) + (v * v).sum([1, 2]))).sum();
            var found = autograd.grad([total], leaves);
            using var added = no_grad();
            loss = (loss is null ? share.detach() : loss + share).MoveToOuterDisposeScope();
            gradients =
            [
                .. found.Select((f, i) => (gradients is null ? f : gradients[i] + f).MoveToOuterDisposeScope()),
            ];
        }

        using var frozen = no_grad();
        var finite = loss!.isfinite(); // [S]
        var updates = new List<(Column, Tensor)>();
        if (network)
        {
            Descend(Column.U, u, gradients![0], batch, Setting.URate, updates, ref finite);
            Descend(Column.V, v, gradients[1], batch, Setting.VRate, updates, ref finite);
        }
        if (gains)
            Descend(
                Column.G,
                g,
                gradients![network ? 2 : 0],
                batch,
                Setting.GainRate,
                updates,
                ref finite,
                DecoderGain.Project
            );
        if (readouts)
        {
            Descend(Column.W, w, gradients![^2], batch, Setting.ReadoutRate, updates, ref finite);
            Descend(Column.B, b, gradients[^1], batch, Setting.ReadoutRate, updates, ref finite);
        }
        var used = batch.Slots.narrow(0, 0, lanes.Count);
        foreach (var (column, value) in updates)
        {
            var old = table.Gather(column, batch.Slots);
            table.Scatter(column, used, where(Like(finite, value), value, old).narrow(0, 0, lanes.Count));
        }
        var values = HostTensors.Read(stack([loss, finite.to(ScalarType.Float32)])); // [2, S]
        var results = new (double, bool)[lanes.Count];
        for (var i = 0; i < results.Length; i++)
            results[i] = (values[i], values[Segments + i] == 1);
        return results;
    }

    /// <summary>
    /// Decoder gain of up to S lanes, on the rows of their coming step. All have the gain's source, estimator and
    /// samples of the first.
    /// </summary>
    public void Refresh(IReadOnlyList<Lane> lanes)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var batch = Assemble(lanes, [.. lanes.Select(l => l.NextRows())]);
        Tensor u = table.Gather(Column.U, batch.Slots),
            v = table.Gather(Column.V, batch.Slots);
        Tensor oldG = table.Gather(Column.G, batch.Slots),
            oldTau = table.Gather(Column.Tau, batch.Slots); // [S, D] and [S, 1]
        var weights = RowWeights(batch.Images).unsqueeze(2); // [S, R, 1]
        Tensor mu = batch[Setting.Mu],
            sigma = batch[Setting.Sigma]; // [S, 1]
        var settings = lanes[0].Settings;
        var estimate = lanes[0].Traits.Gain switch
        {
            GainSource.Rate => NoiseFreeLabel.Rate(Response, mu, sigma),
            GainSource.Difference => NoiseFreeLabel.Difference(Response, mu, sigma),
            _ when settings.Estimator == CovarianceEstimator.Quadrature => CovarianceLabel.ByQuadrature(
                Response,
                mu,
                sigma
            ),
            _ => CovarianceLabel.ByMonteCarlo(Response, mu, sigma, Noise(lanes), settings.Samples, (int)u.shape[1]),
        };
        if (lanes.Any(l => l.Traits.Permuted))
            estimate = estimate with { Covariance = estimate.Covariance.gather(-1, UnitOrder(lanes)) };
        var (g, tau) = DecoderGain.Update(oldG, oldTau, sigma, estimate);
        var used = batch.Slots.narrow(0, 0, lanes.Count);
        table.Scatter(Column.G, used, g.narrow(0, 0, lanes.Count));
        table.Scatter(Column.Tau, used, tau.narrow(0, 0, lanes.Count));

        (Tensor, Tensor) Response(Tensor modulator)
        {
            using var inner = NewDisposeScope();
            var d = Features(batch, Parameters(batch, u, v, modulator)); // [S, R, D]
            d = where(weights > Scalars.Zero, d, zeros_like(d));
            var (mean, absolute) = ((d * weights).sum(1), (d.abs() * weights).sum(1)); // [S, D]
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
        var batch = Assemble([.. segments.Select(s => s.Lane)], [.. segments.Select(s => s.Images)]);
        var logits = Logits(
            Features(batch),
            table.Gather(Column.G, batch.Slots),
            table.Gather(Column.W, batch.Slots),
            table.Gather(Column.B, batch.Slots),
            batch
        );
        var losses = HostTensors.Read(RowLosses(logits, Target(batch), batch));
        var outputs = (int)logits.shape[2];
        var results = new (double, float[])[segments.Count][];
        foreach (var alike in segments.Index().GroupBy(s => s.Item.Lane.Task.ReadoutLoss))
        {
            var probabilities = HostTensors.Read(alike.Key.Probabilities(logits)); // [S, R, K]
            foreach (var (s, (lane, images)) in alike)
            {
                results[s] = new (double, float[])[images.Length];
                for (var r = 0; r < images.Length; r++)
                {
                    var row = s * _rows + r;
                    results[s][r] = (losses[row], probabilities.Slice(row * outputs, lane.Task.Outputs).ToArray());
                }
            }
        }
        return results;
    }

    /// <summary>
    /// Modulated features of segments of images, noise off, without the decoder gain: per segment [n, D].
    /// </summary>
    public float[][,] ModulatedFeatures(IReadOnlyList<(Lane Lane, int[] Images)> segments)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var d = Features(Assemble([.. segments.Select(s => s.Lane)], [.. segments.Select(s => s.Images)])); // [S, R, D]
        var width = (int)d.shape[2];
        var values = HostTensors.Read(d);
        var features = new float[segments.Count][,];
        for (var s = 0; s < features.Length; s++)
        {
            features[s] = new float[segments[s].Images.Length, width];
            values
                .Slice(s * _rows * width, features[s].Length)
                .CopyTo(MemoryMarshal.CreateSpan(ref features[s][0, 0], features[s].Length));
        }
        return features;
    }

    /// <summary>Everything a batch is computed from, except the parameters.</summary>
    private Batch Assemble(IReadOnlyList<Lane> lanes, int[][] images)
    {
        var rows = new PackImage?[Segments * _rows];
        var slots = new long[Segments]; // padding segments use the scratch slot
        for (var s = 0; s < lanes.Count; s++)
        {
            slots[s] = lanes[s].Slot;
            for (var r = 0; r < images[s].Length; r++)
                rows[s * _rows + r] = new PackImage(lanes[s].Pack, images[s][r], lanes[s].Tenant);
        }
        return new Batch(
            lanes,
            images,
            tensor(slots, device: _device),
            BatchSettings.Of(lanes, Segments, table.Width(Column.B), _device),
            activations.Rows(backbone, key.Cut, rows)
        );
    }

    private Tensor Features(Batch batch) =>
        Features(
            batch,
            Parameters(
                batch,
                table.Gather(Column.U, batch.Slots),
                table.Gather(Column.V, batch.Slots),
                batch[Setting.Mu]
            )
        );

    /// <summary>All rows of the batch, without autograd: [S, R, D].</summary>
    private Tensor Features(Batch batch, ChangeParameters parameters) =>
        _rowsPerPass == _rows
            ? Respond(batch, 0, parameters)
            : cat(
                [
                    .. Enumerable
                        .Range(0, _rows / _rowsPerPass)
                        .Select(p => Respond(batch, p * _rowsPerPass, parameters)),
                ],
                1
            );

    /// <summary>Features of one pass, s(gamma(m) h) with couplings: [S, r, D].</summary>
    /// <param name="from">First row of each segment.</param>
    private Tensor Respond(Batch batch, int from, ChangeParameters parameters)
    {
        var h =
            _rowsPerPass == _rows
                ? batch.H
                : batch.H.unflatten(0, Segments, _rows).narrow(1, from, _rowsPerPass).flatten(0, 1);
        return _change.Features(backbone, h, key.Cut, parameters).reshape(Segments, _rowsPerPass, -1);
    }

    /// <param name="modulator">[S, 1] or [S, C]</param>
    private ChangeParameters Parameters(Batch batch, Tensor u, Tensor v, Tensor modulator) =>
        new(u, v, modulator, batch[Setting.Bound], key.Form, key.Also);

    /// <summary>
    /// y_k = sum_j W_kj g_j d_j + b_k: [S, r, D] x [S, K, D] -> [S, r, K]; outputs that a lane does not have are
    /// masked.
    /// </summary>
    private Tensor Logits(Tensor d, Tensor g, Tensor w, Tensor b, Batch batch)
    {
        var logits = bmm(d * g.unsqueeze(1), w.transpose(1, 2)) + b.unsqueeze(1);
        var outputs = (int)logits.shape[2];
        if (batch.Lanes.All(l => l.Task.Outputs == outputs))
            return logits;
        using var count = outputs.ToScalar();
        var has = arange(count, device: _device) < batch[Setting.Outputs]; // [S, K]
        return where(has.unsqueeze(1), logits, tensor(Masked, device: _device));
    }

    /// <returns>[S, r]</returns>
    private static Tensor RowLosses(Tensor logits, Tensor targets, Batch batch)
    {
        var ofClasses = ReadoutLoss.Classes.Sums(logits, targets);
        return batch.Lanes.All(l => l.Task.ReadoutLoss.OneIsRight)
            ? ofClasses
            : where(
                batch[Setting.Attributes] > Scalars.Zero,
                ReadoutLoss.Attributes.Sums(logits, targets) / batch[Setting.Outputs],
                ofClasses
            );
    }

    /// <summary>A step of Adam of one column; a segment with rate 0 keeps its values.</summary>
    private void Descend(
        Column column,
        Tensor value,
        Tensor gradient,
        Batch batch,
        Setting rateOf,
        List<(Column, Tensor)> updates,
        ref Tensor finite,
        Func<Tensor, Tensor>? project = null
    )
    {
        var rate = Like(batch[rateOf], value);
        Column firstColumn = column + (Column.UFirst - Column.U),
            secondColumn = column + (Column.USecond - Column.U);
        // Plain products and quotients only: fused ones may round differently at the end of a vector.
        var first = table.Gather(firstColumn, batch.Slots) * FirstKept + gradient * FirstTaken;
        var second = table.Gather(secondColumn, batch.Slots) * SecondKept + gradient * gradient * SecondTaken;
        Tensor correction1 = Like(batch[Setting.FirstCorrection], value),
            correction2 = Like(batch[Setting.SecondCorrection], value);
        var next = value - rate * (first / correction1 / ((second / correction2).sqrt() + Epsilon));
        if (project is not null)
            next = project(next);
        next = where(rate > Scalars.Zero, next, value);
        finite = finite.logical_and(next.flatten(1).isfinite().all(1));
        updates.AddRange([(column, next), (firstColumn, first), (secondColumn, second)]);
    }

    private Tensor Leaf(Column column, Batch batch, bool trained)
    {
        var values = table.Gather(column, batch.Slots);
        return trained ? values.requires_grad_(true) : values;
    }

    /// <summary>1 / n for the n images of a segment, 0 for padding: [S, R].</summary>
    private Tensor RowWeights(int[][] images) =>
        HostTensors.Write(
            _device,
            values =>
            {
                for (var s = 0; s < images.Length; s++)
                for (var r = 0; r < images[s].Length; r++)
                    values[s * _rows + r] = (float)(1.0 / images[s].Length);
            },
            Segments,
            _rows
        );

    /// <returns>[S, R, K]</returns>
    private Tensor Target(Batch batch)
    {
        var outputs = table.Width(Column.B);
        return HostTensors.Write(
            _device,
            values =>
            {
                for (var s = 0; s < batch.Lanes.Count; s++)
                for (var r = 0; r < batch.Images[s].Length; r++)
                    Targets.Write(
                        batch.Lanes[s].Task,
                        batch.Lanes[s].Pack,
                        batch.Images[s][r],
                        values.Slice((s * _rows + r) * outputs, outputs)
                    );
            },
            Segments,
            _rows,
            outputs
        );
    }

    private static Tensor Like(Tensor perSegment, Tensor value) =>
        perSegment.reshape([perSegment.shape[0], .. Enumerable.Repeat(1L, (int)value.dim() - 1)]);

    /// <summary>
    /// Per segment the unit from which each unit takes its label, int64 [S, D]: itself, but for methods that permute
    /// them.
    /// </summary>
    private Tensor UnitOrder(IReadOnlyList<Lane> lanes)
    {
        var units = key.Slot.Features;
        var order = Enumerable
            .Range(0, Segments)
            .SelectMany(s =>
                s < lanes.Count && lanes[s].Traits.Permuted ? lanes[s].UnitOrder(units) : Enumerable.Range(0, units)
            )
            .Select(j => (long)j);
        return tensor(order.ToArray(), [Segments, units], device: _device);
    }

    private static IReadOnlyList<ModulatorNoise> Noise(IReadOnlyList<Lane> lanes) =>
        [.. lanes.Select(l => new ModulatorNoise(l.Settings.Seed, l.Settings.Rho, l.Settings.Groups))];

    /// <param name="Slots">int64 [S]</param>
    /// <param name="Settings">[S, settings]</param>
    /// <param name="H">[S R, C, H, W]; [S R, D] at <see cref="Cut.Pool"/></param>
    private sealed record Batch(IReadOnlyList<Lane> Lanes, int[][] Images, Tensor Slots, Tensor Settings, Tensor H)
    {
        /// <summary>A number per segment, [S, 1].</summary>
        public Tensor this[Setting setting] => Settings.narrow(1, (int)setting, 1);
    }
}
