using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Execution;

/// <summary>One lane on batches of every size that a halving leads to.</summary>
public class BatchExecutorTests
{
    public static MatrixTheoryData<Method, bool> Everything { get; } = new(Enum.GetValues<Method>(), [false, true]);

    [Theory]
    [MemberData(nameof(Everything))]
    public void Halve_DownToOneRow_StepsAndRefreshesAlike(Method method, bool ownReadout)
    {
        LibTorch.SetThreads(1);
        using var pack = Tiny.Pack();
        using var backbone = Backbone.Load(Tiny.Weights, CPU);
        using var activations = new ActivationCache(1 << 20, 64);
        float[]? expectedU = null,
            expectedG = null;
        double expectedLoss = 0;
        for (var halvings = 0; ; halvings++)
        {
            var plan = TrialPlan.Of(
                backbone.Spec,
                pack,
                TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, ownReadout ? ReadoutMode.Own : ReadoutMode.Head),
                Tiny.SettingsOf(method)
            );
            var key = plan.Group(backbone);
            using var table = new TaskTable(key.Slot, 4, CPU);
            var batches = new BatchExecutor(backbone, key, table, activations, 64);
            Assert.Equal(NetworkChange.Of(method).Packs ? 64 : plan.Settings.Batch, batches.BatchRows);
            int rows = batches.BatchRows;
            var possible = true;
            for (var i = 0; i < halvings; i++)
                possible = batches.Halve();
            if (!possible)
                break;
            Assert.Equal(rows >> halvings, batches.BatchRows);
            var lane = new Lane
            {
                Settings = plan.Settings,
                Task = plan.Task,
                Pack = pack,
                Train = plan.Train is [] ? plan.Examples : plan.Train,
                Held = [],
                Steps = 9,
                EarlyStopping = false,
                TrainsReadout = plan.TrainsReadout,
                Slot = table.Take(),
            };
            var (weight, bias) = ServedBatches.HeadRows(
                backbone,
                TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, ReadoutMode.Head)
            );
            table.Write(Column.W, lane.Slot, [.. weight, .. new float[table.Width(Column.W) - weight.Length]]);
            table.Write(Column.B, lane.Slot, [.. bias, 0]);
            if (NetworkChange.Of(method).StartOfU(backbone, key.Slot.Network, plan.Settings) is { } start)
                table.Write(Column.U, lane.Slot, start);
            double loss = 0;
            for (; lane.Step < 6; lane.Step++)
            {
                if (lane.Traits.RefreshesGain)
                    batches.Refresh([lane]);
                (loss, var finite) = batches.Step([lane])[0];
                Assert.True(finite);
            }
            float[] u = table.Read(Column.U, lane.Slot),
                g = table.Read(Column.G, lane.Slot);
            var probabilities = batches.Evaluate([(lane, lane.Train[..3])])[0];
            Assert.All(probabilities, p => Assert.Equal(1, p.Probabilities.Sum(), 4));
            if (expectedU is null)
                (expectedU, expectedG, expectedLoss) = (u, g, loss);
            Assert.Equal(expectedLoss, loss, 5e-5 * Math.Max(1, expectedLoss));
            // Some of many parameters have no gradient but rounding, which Adam makes steps of.
            if (lane.Traits.Trains == NetworkPart.Couplings)
                for (var i = 0; i < u.Length; i++)
                    Assert.Equal(expectedU[i], u[i], 1e-4);
            for (var i = 0; i < g.Length; i++)
                Assert.Equal(expectedG![i], g[i], 1e-3 * Math.Max(1, expectedG[i]));
        }
    }

    [Fact]
    public void Take_ASlotUsedBefore_StartsClean()
    {
        var layout = new SlotLayout(
            new ChangeShape(8, 4, 4),
            4,
            32,
            TrainsNetwork: true,
            TrainsReadout: true,
            TrainsGain: true
        );
        using var table = new TaskTable(layout, 3, CPU);
        var slot = table.Take();
        foreach (var column in Enum.GetValues<Column>())
            table.Write(column, slot, [.. Enumerable.Repeat(float.NaN, table.Width(column))]);
        table.Release(slot);
        Assert.Equal(slot, table.Take());
        foreach (var column in Enum.GetValues<Column>())
            Assert.All(table.Read(column, slot), v => Assert.Equal(column is Column.G or Column.Tau ? 1 : 0, v));
        Assert.Equal(layout.Bytes * 3, table.Bytes);
    }
}
