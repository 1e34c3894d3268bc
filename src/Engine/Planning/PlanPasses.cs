using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Planning;

/// <summary>
/// What a plan asks of the network, in pieces of at most a batch, on the device thread. Activations of all cuts come
/// from one pass and are not kept: a plan leaves no trace in the activation cache.
/// </summary>
internal sealed class PlanPasses(
    Backbone backbone,
    PlanSample sample,
    TaskSettings settings,
    int batchRows,
    TimeProvider time,
    PassTimes times
)
{
    private readonly Cut[] _cuts = CutsOf(backbone.Spec);

    /// <summary>Where couplings can be: all cuts but the pooling, from the input on.</summary>
    public static Cut[] CutsOf(BackboneSpec spec) => [.. spec.Cuts.Where(c => c != Cut.Pool)];

    /// <summary>Couplings at a cut: C, h and w.</summary>
    public static (int C, int H, int W) CouplingsAt(BackboneSpec spec, Cut cut, TaskSettings settings)
    {
        var (c, h, w) = new ResidualNetwork(spec).ShapeAt(cut, spec.InputSize);
        return (c, Math.Min(settings.Grid, h), Math.Min(settings.Grid, w));
    }

    /// <summary>
    /// Activations at each cut, averaged over their positions; at the last cut these are the penultimate features.
    /// </summary>
    /// <param name="features">Per cut, [n, C].</param>
    public IEnumerable<object?> Features(IReadOnlyList<float[,]> features)
    {
        var at = 0;
        foreach (var (chunk, decoded) in DecodedBatch.Ahead(backbone.Spec, sample.Images, batchRows))
        {
            using (decoded)
            {
                using var scope = NewDisposeScope();
                var pixels = Pixels(decoded, chunk.Length);
                var start = time.GetTimestamp();
                var pooled = HostTensors.Read(
                    DeviceMemory.ByRows(
                        chunk.Length,
                        (from, count) =>
                        {
                            using var inner = NewDisposeScope();
                            return cat(
                                    [
                                        .. backbone
                                            .Activations(pixels.narrow(0, from, count), differentiable: false)
                                            .Select(ResidualNetwork.Pool),
                                    ],
                                    1
                                )
                                .MoveToOuterDisposeScope(); // [b, sum of C]
                        }
                    )
                );
                times.AddForward(Since(start) / chunk.Length);
                Split(pooled, features, [.. Enumerable.Range(at, chunk.Length)]);
            }
            at += chunk.Length;
            yield return null;
        }
    }

    /// <summary>
    /// Each image's gradient of its loss with respect to the couplings of each cut at 0, where all are 0.
    /// </summary>
    /// <param name="folds">Places in the sample.</param>
    /// <param name="readouts">Readout of each fold.</param>
    /// <param name="gradients">Per cut, [n, C + h w]; rows outside of the folds stay 0.</param>
    public IEnumerable<object?> Gradients(
        IReadOnlyList<int[]> folds,
        IReadOnlyList<FittedReadout> readouts,
        IReadOnlyList<float[,]> gradients
    )
    {
        // Backward keeps the activations: half the rows take about the memory and time of a step.
        foreach (var (fold, rows, decoded) in Batches(folds, batchRows / 2))
        {
            using (decoded)
            {
                using var scope = NewDisposeScope();
                var pixels = Pixels(decoded, rows.Length);
                var weight = tensor(
                    readouts[fold].Weight,
                    [sample.Outputs, backbone.FeatureWidth],
                    device: backbone.Device
                );
                var bias = tensor(readouts[fold].Bias, device: backbone.Device);
                var targets = tensor(
                    [.. rows.SelectMany(r => sample.Targets[r])],
                    [rows.Length, sample.Outputs],
                    device: backbone.Device
                );
                var start = time.GetTimestamp();
                var found = HostTensors.Read(
                    DeviceMemory.ByRows(
                        rows.Length,
                        (from, count) =>
                            GradientRows(pixels.narrow(0, from, count), targets.narrow(0, from, count), weight, bias)
                    )
                );
                times.AddBoth(Since(start) / rows.Length);
                Split(found, gradients, rows);
            }
            yield return null;
        }
    }

    /// <summary>Features of the folds' images under each trial.</summary>
    public IEnumerable<object?> Run(IReadOnlyList<int[]> folds, IReadOnlyList<Trial> trials)
    {
        foreach (var (fold, rows, decoded) in Batches(folds, batchRows))
        {
            var h = new Tensor?[_cuts.Length];
            try
            {
                using (decoded)
                {
                    using var scope = NewDisposeScope();
                    using var frozen = no_grad();
                    var all = backbone.Activations(Pixels(decoded, rows.Length), differentiable: false);
                    foreach (var cut in trials.Select(t => t.Cut).Distinct())
                        h[cut] = all[cut].DetachFromDisposeScope();
                }
                yield return null;
                foreach (var trial in trials)
                {
                    using (NewDisposeScope())
                    {
                        var start = time.GetTimestamp();
                        Split(
                            HostTensors.Read(Modulated(h[trial.Cut]!, trial, trial.Couplings[fold])),
                            [trial.Features],
                            rows
                        );
                        times.AddSuffix(trial.Cut, Since(start) / rows.Length);
                    }
                    yield return null;
                }
            }
            finally
            {
                foreach (var activation in h)
                    activation?.Dispose();
            }
        }
    }

    private Tensor GradientRows(Tensor pixels, Tensor targets, Tensor weight, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var h = backbone.Activations(pixels, differentiable: true);
        var logits = backbone.Suffix(h[^1], _cuts[^1]).matmul(weight.t()) + bias; // [b, K]
        using Scalar share = sample.Loss.Share(sample.Outputs).ToScalar(),
            mu = settings.Mu.ToScalar();
        var loss = sample.Loss.SumAndGradient(logits, targets).Sum / share;
        // Images meet nowhere in the network, so that a row of a slope is the gradient of that image's loss alone; and
        // at c = 0 all gains are 1, so that one pass serves every cut as if it were the only one.
        var slopes = autograd.grad([loss], h);
        using var frozen = no_grad();
        return cat(
                [
                    .. h.Zip(slopes)
                        .SelectMany(
                            (pair, cut) =>
                            {
                                // d gamma / d c = mu at c = 0, in both forms of the gain. [b, C, H, W]
                                var product =
                                    pair.First.to(ScalarType.Float32) * pair.Second.to(ScalarType.Float32) * mu;
                                var (_, gridHeight, gridWidth) = CouplingsAt(backbone.Spec, _cuts[cut], settings);
                                var cells = Cells(gridHeight, product.shape[2])
                                    .matmul(product.sum(1))
                                    .matmul(Cells(gridWidth, product.shape[3]).t()); // [b, h, w]
                                return new[]
                                {
                                    product.sum([2, 3]) * (UsesChannels ? Scalars.One : Scalars.Zero),
                                    cells.flatten(1) * (UsesPositions ? Scalars.One : Scalars.Zero),
                                };
                            }
                        ),
                ],
                1
            )
            .MoveToOuterDisposeScope();
    }

    private bool UsesChannels => settings.Granularity != Granularity.Spatial;

    private bool UsesPositions => settings.Granularity != Granularity.Channel;

    /// <summary>
    /// 1 where a position takes its coupling from a cell (nearest, as the gain is up-sampled): [cells, positions].
    /// </summary>
    private Tensor Cells(int cells, long positions) =>
        HostTensors.Write(
            backbone.Device,
            values =>
            {
                for (var p = 0; p < positions; p++)
                    values[(int)(p * cells / positions * positions + p)] = 1;
            },
            cells,
            positions
        );

    private Tensor Modulated(Tensor h, Trial trial, float[] couplings)
    {
        using var frozen = no_grad();
        var (channels, height, width) = CouplingsAt(backbone.Spec, _cuts[trial.Cut], settings);
        var all = tensor(couplings, device: backbone.Device);
        var bound = tensor((float)(settings.Cap / Math.Abs(settings.Mu)), device: backbone.Device).reshape(1, 1, 1, 1);
        var c = EncoderGain.Couplings(
            all.narrow(0, 0, channels).unsqueeze(0),
            all.narrow(0, channels, height * width).reshape(1, height, width),
            bound
        ); // [1, C, h, w]
        var gamma = EncoderGain.Gamma(
            c,
            tensor((float)trial.Modulator, device: backbone.Device).reshape(1, 1, 1, 1),
            settings.GainForm
        );
        return DeviceMemory.ByRows(
            h.shape[0],
            (from, count) => backbone.Suffix(EncoderGain.Modulate(h.narrow(0, from, count), gamma), _cuts[trial.Cut])
        ); // [b, D]
    }

    private IEnumerable<(int Fold, int[] Rows, DecodedBatch Decoded)> Batches(IReadOnlyList<int[]> folds, int most)
    {
        for (var fold = 0; fold < folds.Count; fold++)
        {
            var at = 0;
            foreach (
                var (chunk, decoded) in DecodedBatch.Ahead(
                    backbone.Spec,
                    folds[fold].Select(r => sample.Images[r]),
                    most
                )
            )
            {
                yield return (fold, folds[fold][at..(at + chunk.Length)], decoded);
                at += chunk.Length;
            }
        }
    }

    private Tensor Pixels(DecodedBatch decoded, int rows) =>
        decoded.Batch(backbone, [.. Enumerable.Range(0, rows)], rows); // [b, 3, S, S]

    private double Since(long start) => time.GetElapsedTime(start).TotalSeconds;

    /// <summary>Deals the columns out, in their order, to the rows of several matrices.</summary>
    private static void Split(ReadOnlySpan<float> values, IReadOnlyList<float[,]> into, int[] rows)
    {
        var width = into.Sum(m => m.GetLength(1));
        for (var r = 0; r < rows.Length; r++)
        {
            var from = r * width;
            foreach (var matrix in into)
            {
                var columns = matrix.GetLength(1);
                values
                    .Slice(from, columns)
                    .CopyTo(System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref matrix[rows[r], 0], columns));
                from += columns;
            }
        }
    }
}
