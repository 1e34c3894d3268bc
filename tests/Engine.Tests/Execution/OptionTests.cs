using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Tests.Execution;

/// <summary>
/// Options of an adaptation that change when the decoder gain is computed and how the readout is fitted.
/// </summary>
public class OptionTests
{
    private static readonly TaskSettings s_comodulation = Tiny.SettingsOf(Method.Comodulation) with
    {
        Steps = 12,
        RefreshEvery = 2,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2, new[] { 0, 2, 4, 6 })]
    [InlineData(5, new[] { 0, 5 })]
    [InlineData(9, new[] { 0 })]
    public void Refreshes_AreAsFarApartAsTheyAreToldTo(int every, int[] due)
    {
        using var pack = Tiny.Pack();
        var lane = new Lane
        {
            Settings = s_comodulation with { RefreshEvery = every },
            Task = TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, null),
            Pack = pack,
            Train = [],
            Held = [],
            Steps = 8,
            EarlyStopping = false,
            TrainsReadout = false,
        };
        var found = new List<int>();
        for (; lane.Running; lane.Step++)
            if (lane.DueForRefresh)
                found.Add(lane.Step);
        Assert.Equal(due, found);
    }

    [Theory]
    [InlineData(GatePolicy.Off)]
    [InlineData(GatePolicy.Auto)] // of so few examples: cross-validated
    public async Task Adapt_OwnClassesByEveryRefit_FitsTheReadoutThatWasAskedFor(GatePolicy gate)
    {
        using var pack = Tiny.Pack(60);
        await using var engine = await Tiny.Engine();
        var usual = s_comodulation with { Gate = gate, Cut = "stem", Steps = 40 };

        var rows = await engine.Adapt(
            Tiny.Work(
                pack,
                ReadoutMode.Own,
                [.. Enum.GetValues<ReadoutRefit>().Select(refit => usual with { Refit = refit })]
            ),
            new Recorder(),
            Cancellation
        );

        Assert.All(rows, row => Assert.Equal(rows[0].Settings with { Refit = row.Settings.Refit }, row.Settings));
        Assert.All(
            rows,
            row => Assert.Equal(row.Steps > 0 && row.Settings.Refit != ReadoutRefit.None, row.State.GainFolded)
        );
        // Which step is kept depends on the readout that it is served with, and the base may be; then all have its
        // readout.
        string ReadoutOf(TrialResult row) => string.Join(' ', row.State.Readout);
        Assert.InRange(rows.Where(row => row.Steps == 0).Select(ReadoutOf).Distinct().Count(), 0, 1);
        var forms = rows.Where(row => row.Steps > 0 && row.Settings.Refit != ReadoutRefit.Auto).ToArray();
        Assert.Equal(forms.Length, forms.Select(ReadoutOf).Distinct().Count());
        if (gate == GatePolicy.Off)
        {
            Assert.Contains(ReadoutOf(rows[0]), new[] { ReadoutOf(rows[1]), ReadoutOf(rows[2]) });
            Assert.All(
                rows.GroupBy(row => row.Steps),
                same => Assert.All(same, row => Assert.Equal(same.First().State.Channel, row.State.Channel))
            );
        }
    }

    [Fact]
    public async Task Adapt_OwnClassesNotRefitted_ServesTheReadoutThatWasTrainedAlong()
    {
        using var pack = Tiny.Pack();
        await using var engine = await Tiny.Engine();
        var row = (
            await engine.Adapt(
                Tiny.Work(pack, ReadoutMode.Own, s_comodulation with { Refit = ReadoutRefit.None, Steps = 30 }),
                new Recorder(),
                Cancellation
            )
        )[0];

        var test = pack.Indices(DatasetSplit.Test).ToArray();
        var probabilities = await engine.Predict(
            ServedTask.Of(row.State),
            [.. test.Select(i => pack.ReadImage(i).ToArray())],
            Tiny.Tenant,
            Cancellation
        );
        var right = test.Zip(probabilities, (i, p) => Array.IndexOf(p, p.Max()) == pack.Labels(i)[0] ? 1.0 : 0)
            .Average();

        Assert.Equal(row.Metrics.Test!.Accuracy, right, 6);
    }

    [Fact]
    public void Serialize_UsualOptions_AreNotWritten()
    {
        var json = System.Text.Json.JsonSerializer.Serialize(new TaskSettings());
        foreach (var name in new[] { nameof(TaskSettings.Refit), nameof(TaskSettings.Also) })
            Assert.DoesNotContain(name, json, StringComparison.Ordinal);
    }
}
