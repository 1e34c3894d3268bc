using System.Text.Json;
using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Tasks;
using SettingTable = ComodCluster.Engine.Tasks.SettingTable;
using SettingType = ComodCluster.Engine.Tasks.SettingType;

namespace ComodCluster.Grains.Tests.Tasks;

public class TrialSettingsTests
{
    [Theory]
    [InlineData(typeof(ReadoutMode), typeof(Engine.Tasks.ReadoutMode))]
    [InlineData(typeof(Granularity), typeof(Engine.Tasks.Granularity))]
    [InlineData(typeof(GainForm), typeof(Engine.Tasks.GainForm))]
    [InlineData(typeof(ReadoutRefit), typeof(Engine.Tasks.ReadoutRefit))]
    [InlineData(typeof(CovarianceEstimator), typeof(Engine.Tasks.CovarianceEstimator))]
    [InlineData(typeof(GatePolicy), typeof(Engine.Tasks.GatePolicy))]
    public void Enumerations_OfBothSides_HaveTheSameNames(Type contract, Type engine) =>
        Assert.Equal(Enum.GetNames(contract).Order(), Enum.GetNames(engine).Order());

    /// <summary>The table spells values as JSON does; the theory above ties both enumerations.</summary>
    [Fact]
    public void Choices_OfTheTable_AreTheNamesInJson()
    {
        foreach (var setting in SettingTable.All.Where(s => s.Type == SettingType.Choice))
        {
            var type = Nullable.GetUnderlyingType(
                typeof(MethodOptions)
                    .GetProperty(char.ToUpperInvariant(setting.Name[0]) + setting.Name[1..])!
                    .PropertyType
            )!;
            Assert.Equal(
                Enum.GetValues(type)
                    .Cast<object>()
                    .Select(value => JsonSerializer.Serialize(value, type).Trim('"'))
                    .Order(),
                setting.Choices.Order()
            );
        }
    }

    [Fact]
    public void Methods_OfBothSides_AreTheSameButForAuto() =>
        Assert.Equal(
            Enum.GetNames<Engine.Tasks.Method>().Append(nameof(Method.Auto)).Order(),
            Enum.GetNames<Method>().Order()
        );

    /// <summary>What a version keeps of its settings makes the same again.</summary>
    [Fact]
    public void Named_SettingsOfAnyTrial_AreThoseSettingsWhereTheyAreAskedFor()
    {
        var form = new DefaultForm("layer3", "layer3.1", Engine.Tasks.GainForm.Rectified);
        MethodOptions[] asked =
        [
            new(),
            new()
            {
                Also = ["layer3", "layer4"],
                Cut = "layer2",
                Granularity = Granularity.Channel,
                Mu = -2,
                Examples = 9,
                Patience = 3,
                Gate = GatePolicy.Off,
                LearningRate = 0.25,
            },
        ];
        foreach (var options in asked)
        foreach (var method in Enum.GetValues<Method>().Where(m => m != Method.Auto))
        {
            var settings = TrialSettings.Of(options, null, method, 3, form);
            Assert.Equal(settings, TrialSettings.Of(null, TrialSettings.Named(settings), method, 3));
        }
    }

    [Fact]
    public void Of_Auto_IsOneRowOfEachCandidate()
    {
        var options = new MethodOptions { Steps = 7 };
        var request = new AdaptRequest
        {
            Methods = [Method.Auto],
            Seeds = [3],
            Options = options,
        };

        Assert.True(TrialSettings.IsChoice(request));
        Assert.False(TrialSettings.IsChoice(new AdaptRequest { Methods = [Method.Gain] }));
        Assert.False(TrialSettings.IsChoice(new AdaptRequest()));
        Assert.Equal(
            new[] { Method.Readout, Method.Gain, Method.Difference, Method.Comodulation }.Select(method =>
                TrialSettings.Of(null, options, method, 3)
            ),
            TrialSettings.Of(null, request)
        );
    }

    [Theory]
    [InlineData(1, Method.Auto, Method.Gain)]
    [InlineData(1, Method.Gain, Method.Auto)]
    [InlineData(2, Method.Auto)]
    public void Of_AutoBesideOthersOrWithSeveralSeeds_IsRefused(int seeds, params Method[] methods)
    {
        var refusal = Assert.Throws<ComodException>(() =>
            TrialSettings.Of(null, new AdaptRequest { Methods = methods, Seeds = [.. Enumerable.Range(0, seeds)] })
        );

        Assert.Equal((ErrorCodes.RequestInvalid, 422), (refusal.Code, refusal.Status));
        Assert.Contains("'auto'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NothingNamed_IsOneRowOfTheEnginesDefaults() =>
        Assert.Equal([new Engine.Tasks.TaskSettings()], TrialSettings.Of(null, new AdaptRequest()));

    [Fact]
    public void Of_MethodsAndSeeds_AreRowsMethodByMethod()
    {
        var rows = TrialSettings.Of(null, new AdaptRequest { Methods = [Method.Gain, Method.Readout], Seeds = [2, 1] });

        Assert.Equal(
            [("Gain", 2), ("Gain", 1), ("Readout", 2), ("Readout", 1)],
            rows.Select(r => (r.Method.ToString(), r.Seed))
        );
    }

    [Fact]
    public void Of_RequestAndTask_TheRequestWins()
    {
        var row = Assert.Single(
            TrialSettings.Of(
                new MethodOptions
                {
                    Steps = 20,
                    Sigma = 0.3,
                    Cut = "layer1",
                    Mu = 2,
                },
                new AdaptRequest
                {
                    Options = new MethodOptions { Steps = 30, Gate = GatePolicy.Off },
                }
            )
        );

        Assert.Equal(
            (30, 0.3, "layer1", 2, Engine.Tasks.GatePolicy.Off),
            (row.Steps, row.Sigma, row.Cut, row.Mu, row.Gate)
        );
    }

    [Fact]
    public void Of_EveryOption_ReachesTheRow()
    {
        var options = new MethodOptions
        {
            Cut = "stem",
            GainForm = GainForm.Absolute,
            Granularity = Granularity.Spatial,
            Grid = 5,
            Mu = 2,
            Sigma = 0.2,
            Rho = 0.5,
            Groups = 4,
            Cap = 2,
            Estimator = CovarianceEstimator.MonteCarlo,
            Samples = 32,
            Steps = 7,
            Batch = 16,
            LearningRate = 0.7,
            ReadoutLearningRate = 0.2,
            Penalty = 0.5,
            RefreshEvery = 2,
            EvaluateEvery = 4,
            Patience = 6,
            Rank = 8,
            Also = ["layer1", "layer3"],
            Examples = 40,
            TestImages = 9,
            Gate = GatePolicy.Off,
            Refit = ReadoutRefit.Prior,
        };

        var row = TrialSettings.Of(options, null, Method.Gain, 11);

        var usual = new Engine.Tasks.TaskSettings();
        foreach (var property in typeof(Engine.Tasks.TaskSettings).GetProperties().Where(p => p.CanWrite))
            Assert.False(
                Equals(property.GetValue(usual), property.GetValue(row)),
                $"{property.Name} kept its default."
            );
        foreach (var property in typeof(MethodOptions).GetProperties())
            Assert.Equal(
                $"{property.Name} {Text(property.GetValue(options))}",
                $"{property.Name} {typeof(Engine.Tasks.TaskSettings).GetProperty(property.Name)!.GetValue(row)}"
            );
    }

    [Fact]
    public void Of_EmptyListOfLayers_ReplacesTheTasks()
    {
        var task = new MethodOptions { Also = ["layer3"] };

        var (kept, replaced) = (
            TrialSettings.Of(task, new MethodOptions { Steps = 9 }, Method.Gain, 0),
            TrialSettings.Of(task, new MethodOptions { Also = [] }, Method.Gain, 0)
        );

        Assert.Equal(("layer3", null), (kept.Also, replaced.Also));
    }

    [Fact]
    public void Of_UsualFurtherLayer_IsOfCouplingsAndOfTheTasksOwnCutAlone()
    {
        Assert.Equal("layer3", Also(null, null, Method.Comodulation));
        Assert.Equal("layer3", Also(new() { Cut = "layer1" }, new() { Steps = 9 }, Method.Gain));
        Assert.Equal("layer4", Also(new() { Also = ["layer4"] }, null, Method.Gain));
        Assert.Null(Also(null, null, Method.Film));
        Assert.Null(Also(null, new() { Cut = "layer3" }, Method.Comodulation));
        Assert.Equal("layer3", Also(null, new() { Cut = "layer2" }, Method.Comodulation)); // the task's own
        Assert.Null(Also(new() { Also = [] }, null, Method.Comodulation));

        static string? Also(MethodOptions? task, MethodOptions? request, Method method) =>
            TrialSettings.Of(task, request, method, 0, DefaultForm.OfEngine with { Also = "layer3" }).Also;
    }

    [Fact]
    public void Of_UsualCut_IsTakenWhereNoLayerIsNamed()
    {
        Assert.Equal("layer3", Cut(null, null));
        Assert.Equal("layer3", Cut(new() { Steps = 9 }, new() { Steps = 10 }));
        Assert.Equal("layer1", Cut(new() { Cut = "layer1" }, null));
        Assert.Equal("stem", Cut(new() { Cut = "layer1" }, new() { Cut = "stem" }));
        Assert.Equal("layer2", Cut(new() { Also = ["layer3"] }, null)); // it would not be later than the usual one
        Assert.Equal("layer3", Cut(new() { Also = ["layer3"] }, new() { Also = [] }));
        Assert.Equal("layer2", TrialSettings.Of(null, null, Method.Comodulation, 0).Cut);

        static string Cut(MethodOptions? task, MethodOptions? request) =>
            TrialSettings.Of(task, request, Method.Comodulation, 0, DefaultForm.OfEngine with { Cut = "layer3" }).Cut;
    }

    [Fact]
    public void Of_UsualFormOfTheGains_IsTakenWhereNoneIsNamed()
    {
        var form = DefaultForm.OfEngine with { GainForm = Engine.Tasks.GainForm.Rectified };
        Assert.Equal(
            Engine.Tasks.GainForm.Rectified,
            TrialSettings.Of(new() { Cut = "layer1" }, null, Method.Gain, 0, form).GainForm
        );
        Assert.Equal(
            Engine.Tasks.GainForm.Exponential,
            TrialSettings.Of(new() { GainForm = GainForm.Exponential }, null, Method.Gain, 0, form).GainForm
        );
        Assert.Equal(Engine.Tasks.GainForm.Exponential, TrialSettings.Of(null, null, Method.Gain, 0).GainForm);
    }

    [Fact]
    public void Of_ASeedTwice_IsRefused()
    {
        var refusal = Assert.Throws<ComodException>(() => TrialSettings.Of(null, new AdaptRequest { Seeds = [1, 1] }));

        Assert.Equal((ErrorCodes.RequestInvalid, 422), (refusal.Code, refusal.Status));
    }

    [Fact]
    public void Of_ValueOutOfRange_IsRefusedByName()
    {
        var refusal = Assert.Throws<InputException>(() =>
            TrialSettings.Of(new MethodOptions { Sigma = -1 }, new AdaptRequest())
        );

        Assert.Equal("settings-invalid", refusal.Code);
        Assert.Contains("sigma", refusal.Message, StringComparison.Ordinal);
    }

    private static object? Text(object? value) => value is IReadOnlyList<string> list ? string.Join(',', list) : value;

    /// <summary>Where nobody names a layer, couplings of new classes follow the readout, with rates of their own.</summary>
    [Fact]
    public void Of_FormThatFollowsTheReadout_HasItsDefaultsOnlyThere()
    {
        var form = DefaultForm.OfEngine with { Cut = "auto" };

        Assert.Equal(("auto", 6, 80, 0.01), Settings(null, null, Method.Comodulation));
        Assert.Equal(("auto", 6, 30, 0.2), Settings(new() { Steps = 30 }, new() { LearningRate = 0.2 }, Method.Gain));
        Assert.Equal(("layer2", 12, 150, 0.1), Settings(null, new() { Cut = "layer2" }, Method.Gain));
        Assert.Equal(("layer3", 12, 150, 0.1), Settings(new() { Cut = "layer3" }, null, Method.Gain));
        Assert.Equal(("auto", 6, 80, 0.01), Settings(new() { Cut = "layer3" }, new() { Cut = "auto" }, Method.Gain));
        Assert.Equal(("layer2", 12, 150, 0.1), Settings(null, new() { Also = ["layer3"] }, Method.Gain));
        Assert.Equal(("auto", 12, 150, 0.001), Settings(null, null, Method.Film));

        (string, int, int, double) Settings(MethodOptions? task, MethodOptions? request, Method method) =>
            TrialSettings.Of(task, request, method, 0, form) is var s
                ? (s.Cut, s.Grid, s.Steps, s.LearningRate)
                : default;
    }
}
