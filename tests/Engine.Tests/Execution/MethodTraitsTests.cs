using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Execution;

/// <summary>What a method does inside one batch, for every method that there is.</summary>
public class MethodTraitsTests
{
    /// <summary>All that has steps: a readout of new classes in closed form has none.</summary>
    public static TheoryData<Method, ReadoutMode> Everything { get; } =
    [
        .. from method in Enum.GetValues<Method>()
        from mode in Enum.GetValues<ReadoutMode>()
        where !(mode == ReadoutMode.Own && MethodTraits.Of(method).ClosedForm)
        select (method, mode),
    ];

    [Theory]
    [MemberData(nameof(Everything))]
    public void Step_FirstGradient_AgreesWithFiniteDifferences(Method method, ReadoutMode mode)
    {
        using var bench = new Bench(Tiny.SettingsOf(method) with { Penalty = 0.01 }, mode);
        bench.Scatter(0.1);
        var trained = bench.Trained;
        Assert.Equal(bench.Lane.TrainsReadout, trained.Contains(Column.W));
        Assert.Equal(bench.Lane.Traits.Trains != NetworkPart.None, trained.Contains(Column.U));
        bench.RequireGradients();
    }

    public static MatrixTheoryData<Method, Precision> InEveryPrecision { get; } =
        new(Enum.GetValues<Method>(), Enum.GetValues<Precision>());

    [Theory]
    [MemberData(nameof(InEveryPrecision))]
    public void Start_OfAnyMethod_GivesTheFeaturesAndAnswersOfTheBaseBitByBit(Method method, Precision precision)
    {
        using var bench = new Bench(Tiny.SettingsOf(method), precision: precision);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var images = bench.Lane.Train[..5];
        var pixels = PixelsOf(bench, images);
        var expected = HostTensors.Read(bench.Backbone.Prefix(pixels, Cut.Pool)).ToArray();
        var features = bench.Batches.ModulatedFeatures([(bench.Lane, images)])[0];
        Assert.Equal(expected[..features.Length], features.Cast<float>());

        var (weight, bias) = ServedBatches.HeadRows(bench.Backbone, bench.Lane.Task);
        var state = new TaskState
        {
            Task = bench.Lane.Task,
            Settings = bench.Lane.Settings,
            BackboneDigest = Tiny.Digest,
            Profile = "",
            DecoderGain = [.. Enumerable.Repeat(1f, Tiny.Spec.FeatureWidth)],
            Readout = weight,
            Bias = bias,
        };
        float[] u = bench.Read(Column.U),
            v = bench.Read(Column.V);
        var shape = bench.Key.Slot.Network;
        state =
            bench.Lane.Traits.Trains == NetworkPart.Couplings
                ? state with
                {
                    Channel = u,
                    Spatial = v,
                    GridHeight = shape.VHeight,
                    GridWidth = shape.VWidth,
                }
                : state with
                {
                    First = u,
                    Second = v,
                };
        float[][] Answers(ServedTask task) =>
            ServedBatches.Probabilities(bench.Backbone, pixels, [.. images.Select(_ => task)]);
        Assert.Equal(
            Answers(ServedTask.Base(state.Task, Tiny.Digest)),
            Answers(ServedTask.Of(TaskState.Parse(state.Serialize())))
        );
    }

    [Fact]
    public void Features_OfEffectiveWeights_AreThoseOfABackboneWithTheseWeights()
    {
        using var full = new Bench(Tiny.SettingsOf(Method.Full));
        using var lora = new Bench(Tiny.SettingsOf(Method.Lora) with { Rank = 2 });
        lora.Scatter(0.05);
        // The sum of the products of a rank-2 change, written as a change of all weights.
        float[] downs = lora.Read(Column.U),
            ups = lora.Read(Column.V),
            kernels = full.Read(Column.U);
        int at = 0,
            down = 0,
            up = 0;
        foreach (var conv in full.Backbone.Layers.Convs)
        {
            var fan = conv.In * conv.Kernel * conv.Kernel;
            if (conv != full.Backbone.Layers.StemConv)
            {
                for (var o = 0; o < conv.Out; o++)
                for (var i = 0; i < fan; i++)
                for (var r = 0; r < 2; r++)
                    kernels[at + o * fan + i] += ups[up + o * 2 + r] * downs[down + r * fan + i];
                (down, up) = (down + 2 * fan, up + 2 * conv.Out);
            }
            at += conv.Out * fan;
        }
        Assert.Equal((kernels.Length, downs.Length, ups.Length), (at, down, up));
        full.Write(Column.U, kernels);
        double[] expected = full.MeanFeatures(),
            features = lora.MeanFeatures();
        using var frozen = new Bench(Tiny.SettingsOf(Method.Readout));
        Assert.Contains(features.Zip(frozen.MeanFeatures()), p => Math.Abs(p.First - p.Second) > 0.01);
        for (var j = 0; j < features.Length; j++)
            Assert.Equal(expected[j], features[j], 1e-4);
    }

    [Fact]
    public void Features_OfChannelAffines_AreThoseOfABackboneWithScaledNorms()
    {
        using var bench = new Bench(Tiny.SettingsOf(Method.BnAffine));
        bench.Scatter(0.2);
        float[] scales = bench.Read(Column.U),
            shifts = bench.Read(Column.V);
        // The same in the file itself: gamma (1 + u) and beta (1 + u) + v of every batch norm.
        var file = SafeTensors.Read(Tiny.Weights);
        var tensors = file.Tensors.ToDictionary(t => t.Key, t => t.Value.ToFloats());
        var at = 0;
        foreach (var conv in bench.Backbone.Layers.Convs)
        {
            for (var c = 0; c < conv.Out; c++, at++)
            {
                tensors[$"{conv.Norm}.weight"][c] *= 1 + scales[at];
                tensors[$"{conv.Norm}.bias"][c] = tensors[$"{conv.Norm}.bias"][c] * (1 + scales[at]) + shifts[at];
            }
        }
        Assert.Equal(scales.Length, at);
        using var other = Backbone.Load(
            SafeTensors.Write(
                [.. file.Tensors.Select(t => SafeTensor.Of(t.Key, t.Value.Shape, tensors[t.Key]))],
                file.Metadata
            ),
            CPU
        );
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var images = bench.Lane.Train[..5];
        var expected = HostTensors.Read(other.Prefix(PixelsOf(bench, images), Cut.Pool)).ToArray();
        var features = bench.Batches.ModulatedFeatures([(bench.Lane, images)])[0].Cast<float>().ToArray();
        for (var i = 0; i < features.Length; i++)
            Assert.Equal(expected[i], features[i], 1e-3 * Math.Max(1, Math.Abs(expected[i])));
    }

    internal static Tensor PixelsOf(Bench bench, int[] images)
    {
        using var decoded = DecodedBatch.Start(
            bench.Backbone.Spec,
            [.. images.Select(i => new PackImage(bench.Lane.Pack, i))]
        );
        return decoded.Batch(bench.Backbone, [.. Enumerable.Range(0, images.Length)], 64);
    }

    [Fact]
    public void Refresh_Shuffled_GivesTheUnitsOfComodulationToOthers()
    {
        using Bench comodulation = new(Tiny.SettingsOf(Method.Comodulation)),
            shuffled = new(Tiny.SettingsOf(Method.Shuffled));
        foreach (var bench in new[] { comodulation, shuffled })
        {
            bench.Scatter(0.2);
            bench.Batches.Refresh([bench.Lane]);
        }
        float[] expected = comodulation.Read(Column.G),
            g = shuffled.Read(Column.G);
        var order = shuffled.Lane.UnitOrder(g.Length);
        Assert.Equal(Enumerable.Range(0, g.Length), order.Order());
        Assert.NotEqual(Enumerable.Range(0, g.Length), order);
        for (var j = 0; j < g.Length; j++)
            Assert.Equal(expected[order[j]], g[j], 1e-5);
        Assert.True(expected.Max() - expected.Min() > 0.1, "there is a signal to permute");
    }

    [Theory]
    [InlineData(Method.Rate)]
    [InlineData(Method.Difference)]
    public void Refresh_ControlsWithoutNoise_AreMeanActivities(Method method)
    {
        using var bench = new Bench(Tiny.SettingsOf(method) with { Sigma = 7 });
        bench.Scatter(0.2);
        double[] Mean() => bench.MeanFeatures();
        float[] u = bench.Read(Column.U),
            v = bench.Read(Column.V);
        var with = Mean();
        bench.Batches.Refresh([bench.Lane]);
        var g = bench.Read(Column.G);
        bench.Write(Column.U, new float[u.Length]);
        bench.Write(Column.V, new float[v.Length]);
        var without = Mean();
        var label = method == Method.Rate ? with : [.. with.Zip(without, (a, b) => Math.Max(0, a - b))];
        var mean = label.Average();
        for (var j = 0; j < g.Length; j++)
            Assert.Equal((1 + label[j] / mean) / 2, g[j], 1e-3); // tau = 1: g and label in equal parts
        Assert.Equal(2, bench.Read(Column.Tau)[0]);
    }

    [Fact]
    public void Refresh_DifferenceBeforeAnyCoupling_HasNoSignal()
    {
        using var bench = new Bench(Tiny.SettingsOf(Method.Difference));
        bench.Batches.Refresh([bench.Lane]);
        Assert.All(bench.Read(Column.G), g => Assert.Equal(1, g));
        Assert.Equal(1, bench.Read(Column.Tau)[0]);
    }

    [Fact]
    public void Step_TrainedGain_StaysNonNegativeWithMeanOne()
    {
        using var bench = new Bench(Tiny.SettingsOf(Method.TrainedG) with { LearningRate = 0.3 });
        for (var i = 0; i < 10; i++, bench.Lane.Step++)
            Assert.True(bench.Batches.Step([bench.Lane])[0].Finite);
        var g = bench.Read(Column.G);
        Assert.Contains(0, g); // the rate is high enough for the bound to matter
        Assert.All(g, x => Assert.True(x >= 0));
        Assert.Equal(1, g.Average(), 4);
    }

    /// <summary>One lane in a batch of its own group, with the head's rows as readout.</summary>
    internal sealed class Bench : IDisposable
    {
        private readonly DatasetPack _pack = Tiny.Pack();
        private readonly Backbone _backbone;
        private readonly ActivationCache _activations = new(1 << 22, 64);
        private readonly TaskTable _table;

        public Bench(
            TaskSettings settings,
            ReadoutMode mode = ReadoutMode.Head,
            Precision precision = Precision.Float32
        )
        {
            LibTorch.SetThreads(1);
            _backbone = Backbone.Load(Tiny.Weights, CPU, precision: precision);
            var plan = TrialPlan.Of(
                _backbone.Spec,
                _pack,
                TaskDefinition.Resolve(Tiny.Spec, _pack.Manifest, null, mode),
                settings
            );
            Key = plan.Group(_backbone);
            _table = new TaskTable(Key.Slot, 4, CPU);
            Batches = new BatchExecutor(_backbone, Key, _table, _activations, 64);
            Lane = new Lane
            {
                Settings = settings,
                Task = plan.Task,
                Pack = _pack,
                Train = plan.Train is [] ? plan.Examples : plan.Train,
                Held = [],
                Steps = 100,
                EarlyStopping = false,
                TrainsReadout = plan.TrainsReadout,
                Slot = _table.Take(),
            };
            if (NetworkChange.Of(settings.Method).StartOfU(_backbone, Key.Slot.Network, settings) is { } u)
                Write(Column.U, u);
            var (weight, bias) = ServedBatches.HeadRows(
                _backbone,
                TaskDefinition.Resolve(Tiny.Spec, _pack.Manifest, null, ReadoutMode.Head)
            );
            Write(Column.W, [.. weight, .. new float[_table.Width(Column.W) - weight.Length]]);
            Write(Column.B, [.. bias, 0]);
        }

        public GroupKey Key { get; }
        public Backbone Backbone => _backbone;
        public BatchExecutor Batches { get; }
        public Lane Lane { get; }

        public float[] Read(Column column) => _table.Read(column, Lane.Slot);

        public void Write(Column column, float[] values) => _table.Write(column, Lane.Slot, values);

        /// <summary>Moves what is trained in the network, and the gain, off their start.</summary>
        public void Scatter(double scale)
        {
            foreach (var column in new[] { Column.U, Column.V, Column.G })
                if (Key.Slot.Trains(column))
                    Write(
                        column,
                        [
                            .. Read(column)
                                .Select(
                                    (x, i) => (float)(x + scale * CounterRandom.Normal(3, (ulong)column, (ulong)i))
                                ),
                        ]
                    );
        }

        /// <summary>What a step descends: mean loss of the coming step's images, and the penalty.</summary>
        public double Objective() =>
            Batches.Evaluate([(Lane, Lane.NextRows())])[0].Average(r => r.Loss)
            + (
                Key.Slot.Trains(Column.U)
                    ? Lane.Settings.Penalty * Read(Column.U).Concat(Read(Column.V)).Sum(x => (double)x * x)
                    : 0
            );

        /// <summary>Mean features of the coming step's images.</summary>
        public double[] MeanFeatures()
        {
            var d = Batches.ModulatedFeatures([(Lane, Lane.NextRows())])[0];
            return
            [
                .. Enumerable
                    .Range(0, d.GetLength(1))
                    .Select(j => Enumerable.Range(0, d.GetLength(0)).Average(i => (double)d[i, j])),
            ];
        }

        /// <summary>Columns of the lane that a step changes.</summary>
        public Column[] Trained =>
            [.. new[] { Column.U, Column.V, Column.W, Column.B, Column.G }.Where(Key.Slot.Trains)];

        /// <summary>
        /// The gradient of the first step in each trained column is the slope of the objective along it.
        /// </summary>
        public void RequireGradients()
        {
            var values = Trained.ToDictionary(c => c, Read);
            Assert.True(Batches.Step([Lane])[0].Finite);
            foreach (var column in Trained)
            {
                var gradient = Read(column + (Column.UFirst - Column.U))
                    .Select(m => m / (1 - BatchExecutor.Beta1))
                    .ToArray();
                // Along the gradient itself: no other direction has a slope that stands out as far from the rounding.
                var norm = Math.Sqrt(gradient.Sum(x => x * x));
                Assert.True(norm > 1e-6, $"{column} has no gradient");
                var step = 2e-3;
                double At(double distance)
                {
                    foreach (var other in Trained)
                        Write(other, values[other]);
                    Write(column, [.. values[column].Zip(gradient, (x, g) => (float)(x + distance * g / norm))]);
                    return Objective();
                }
                var slope = (At(step) - At(-step)) / (2 * step);
                Assert.True(
                    Math.Abs(slope - norm) < 0.02 * norm + 2e-4,
                    $"{column}: {slope} by finite differences, {norm} by autograd"
                );
            }
        }

        public void Dispose()
        {
            _table.Dispose();
            _activations.Dispose();
            _backbone.Dispose();
            _pack.Dispose();
        }
    }
}
