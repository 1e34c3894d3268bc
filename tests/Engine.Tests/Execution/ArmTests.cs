using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Execution;

/// <summary>What a method does inside one tile, for every method that there is.</summary>
public class ArmTests
{
    public static MatrixTheoryData<Method, ReadoutMode> Everything { get; } = new(Enum.GetValues<Method>(), Enum.GetValues<ReadoutMode>());

    [Theory]
    [MemberData(nameof(Everything))]
    public void Step_FirstGradient_AgreesWithFiniteDifferences(Method method, ReadoutMode mode)
    {
        using var bench = new Bench(Tiny.SettingsOf(method) with { Penalty = 0.01 }, mode);
        bench.Scatter(0.1);
        Column[] trained = [.. new[] { Column.U, Column.V, Column.W, Column.B, Column.G }.Where(bench.Key.Slot.Trains)];
        Assert.Equal(bench.Lane.TrainsReadout, trained.Contains(Column.W));
        Assert.Equal(bench.Lane.Arm.Trains != NetworkPart.None, trained.Contains(Column.U));
        var values = trained.ToDictionary(c => c, bench.Read);
        Assert.True(bench.Tiles.Step([bench.Lane])[0].Finite);
        var gradients = trained.ToDictionary(c => c, c => bench.Read(c + (Column.UFirst - Column.U)).Select(m => m / (1 - TileExecutor.Beta1)).ToArray());
        foreach (var column in trained)
        {
            // Along the gradient itself: no other direction has a slope that stands out as far from the rounding.
            var norm = Math.Sqrt(gradients[column].Sum(x => x * x));
            Assert.True(norm > 1e-6, $"{column} has no gradient");
            var step = 2e-3;
            double At(double distance)
            {
                foreach (var other in trained) bench.Write(other, values[other]);
                bench.Write(column, [.. values[column].Zip(gradients[column], (x, g) => (float)(x + distance * g / norm))]);
                return bench.Objective();
            }
            var slope = (At(step) - At(-step)) / (2 * step);
            Assert.True(Math.Abs(slope - norm) < 0.02 * norm + 2e-4, $"{column}: {slope} by finite differences, {norm} by autograd");
        }
    }

    [Fact]
    public void Refresh_Shuffled_GivesTheUnitsOfComodulationToOthers()
    {
        using Bench comodulation = new(Tiny.SettingsOf(Method.Comodulation)), shuffled = new(Tiny.SettingsOf(Method.Shuffled));
        foreach (var bench in new[] { comodulation, shuffled })
        {
            bench.Scatter(0.2);
            bench.Tiles.Refresh([bench.Lane]);
        }
        float[] expected = comodulation.Read(Column.G), g = shuffled.Read(Column.G);
        var order = shuffled.Lane.UnitOrder(g.Length);
        Assert.Equal(Enumerable.Range(0, g.Length), order.Order());
        Assert.NotEqual(Enumerable.Range(0, g.Length), order);
        for (var j = 0; j < g.Length; j++) Assert.Equal(expected[order[j]], g[j], 1e-5);
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
        float[] u = bench.Read(Column.U), v = bench.Read(Column.V);
        var with = Mean();
        bench.Tiles.Refresh([bench.Lane]);
        var g = bench.Read(Column.G);
        bench.Write(Column.U, new float[u.Length]);
        bench.Write(Column.V, new float[v.Length]);
        var without = Mean();
        var label = method == Method.Rate ? with : [.. with.Zip(without, (a, b) => Math.Max(0, a - b))];
        var mean = label.Average();
        for (var j = 0; j < g.Length; j++) Assert.Equal((1 + label[j] / mean) / 2, g[j], 1e-3); // tau = 1: g and label in equal parts
        Assert.Equal(2, bench.Read(Column.Tau)[0]);
    }

    [Fact]
    public void Refresh_DifferenceBeforeAnyCoupling_HasNoSignal()
    {
        using var bench = new Bench(Tiny.SettingsOf(Method.Difference));
        bench.Tiles.Refresh([bench.Lane]);
        Assert.All(bench.Read(Column.G), g => Assert.Equal(1, g));
        Assert.Equal(1, bench.Read(Column.Tau)[0]);
    }

    [Fact]
    public void Step_TrainedGain_StaysNonNegativeWithMeanOne()
    {
        using var bench = new Bench(Tiny.SettingsOf(Method.TrainedG) with { LearningRate = 0.3 });
        for (var i = 0; i < 10; i++, bench.Lane.Step++) Assert.True(bench.Tiles.Step([bench.Lane])[0].Finite);
        var g = bench.Read(Column.G);
        Assert.Contains(0, g); // the rate is high enough for the bound to matter
        Assert.All(g, x => Assert.True(x >= 0));
        Assert.Equal(1, g.Average(), 4);
    }

    /// <summary>One lane in a tile of its own group, with the head's rows as readout.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly DatasetPack _pack = Tiny.Pack();
        private readonly Backbone _backbone;
        private readonly PrefixCache _prefixes = new(1 << 22, 64);
        private readonly TaskTable _table;

        public Bench(TaskSettings settings, ReadoutMode mode = ReadoutMode.Head)
        {
            LibTorch.SetThreads(1);
            _backbone = Backbone.Load(Tiny.Weights, CPU);
            var plan = RowPlan.Of(_backbone.Spec, _pack, TaskDefinition.Resolve(Tiny.Spec, _pack.Manifest, null, mode), settings);
            Key = GroupKey.Of(_backbone, plan);
            _table = new TaskTable(Key.Slot, 4, CPU);
            Tiles = new TileExecutor(_backbone, plan.Cut, Key.Form, _table, _prefixes, settings.Batch, 64);
            Lane = new Lane
            {
                Settings = settings, Task = plan.Task, Pack = _pack, Train = plan.Train, Held = [], Steps = 100, EarlyStopping = false,
                TrainsReadout = plan.TrainsReadout, Slot = _table.Take(),
            };
            var (weight, bias) = ServedTiles.HeadRows(_backbone, TaskDefinition.Resolve(Tiny.Spec, _pack.Manifest, null, ReadoutMode.Head));
            Write(Column.W, [.. weight, .. new float[_table.Width(Column.W) - weight.Length]]);
            Write(Column.B, [.. bias, 0]);
        }

        public GroupKey Key { get; }
        public TileExecutor Tiles { get; }
        public Lane Lane { get; }

        public float[] Read(Column column) => _table.Read(column, Lane.Slot);

        public void Write(Column column, float[] values) => _table.Write(column, Lane.Slot, values);

        /// <summary>Moves what is trained in the network, and the gain, off their start.</summary>
        public void Scatter(double scale)
        {
            foreach (var column in new[] { Column.U, Column.V, Column.G })
                if (Key.Slot.Trains(column)) Write(column, [.. Read(column).Select((x, i) => (float)(x + scale * CounterRandom.Normal(3, (ulong)column, (ulong)i)))]);
        }

        /// <summary>What a step descends: mean loss of the coming step's images, and the penalty.</summary>
        public double Objective() =>
            Tiles.Evaluate([(Lane, Lane.NextRows())])[0].Average(r => r.Loss)
            + (Key.Slot.Trains(Column.U) ? Lane.Settings.Penalty * Read(Column.U).Concat(Read(Column.V)).Sum(x => (double)x * x) : 0);

        /// <summary>Of the coming step's images.</summary>
        public double[] MeanFeatures()
        {
            var d = Tiles.ModulatedFeatures([(Lane, Lane.NextRows())])[0];
            return [.. Enumerable.Range(0, d.GetLength(1)).Select(j => Enumerable.Range(0, d.GetLength(0)).Average(i => (double)d[i, j]))];
        }

        public void Dispose()
        {
            _table.Dispose();
            _prefixes.Dispose();
            _backbone.Dispose();
            _pack.Dispose();
        }
    }
}
