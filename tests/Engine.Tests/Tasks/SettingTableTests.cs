using System.Text.Json;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Tests.Tasks;

/// <summary>Every row of the table of settings: what it takes, what it refuses, and with which sentence.</summary>
public class SettingTableTests
{
    private static readonly TaskSettings s_usual = new() { Estimator = CovarianceEstimator.MonteCarlo };

    public static TheoryData<string> Numbers =>
        [.. SettingTable.All.Where(s => s.Least is not null).Select(s => s.Name)];

    [Theory, MemberData(nameof(Numbers))]
    public void Validate_ANumber_IsTakenUpToItsBoundsAndRefusedBeyondThem(string name)
    {
        var setting = Of(name);
        var step =
            setting.Type == SettingType.Number ? 1e-6
            : setting.Even ? 2
            : setting.Choices.Count > 0 ? 8
            : 1;
        var (least, most) = (setting.Least!.Value, setting.Most);

        With(setting, setting.AboveLeast ? least + step : least).Validate();
        Refused(setting, setting.AboveLeast ? least : least - step);
        if (most is not { } bound)
            return;
        With(setting, bound).Validate();
        Refused(setting, bound + step);
        if (setting.Type == SettingType.Number)
            Refused(setting, "NaN");
    }

    [Fact]
    public void Validate_EitherSignEvenAndChosenNumbers_AreWhatTheRangeSays()
    {
        With(Of("mu"), -2.0).Validate();
        Refused(Of("mu"), -0.001);
        Refused(Of("samples"), 3);
        Refused(Of("batch"), 24);
        Assert.Equal(
            "The setting batch is 24; choose 8, 16, 32 or 64.",
            Assert.Throws<InputException>(With(Of("batch"), 24).Validate).Message
        );
        Assert.Equal(
            "The setting sigma is 0; choose above 0 and at most 10; for no noise choose method 'gain'.",
            Assert.Throws<InputException>(With(Of("sigma"), 0).Validate).Message
        );
        Assert.Contains(
            "estimator 'monte-carlo'",
            Assert.Throws<InputException>((new TaskSettings { Rho = 0.5 }).Validate).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Set_AName_IsThatOfTheValueAndNoOther()
    {
        foreach (var setting in SettingTable.All.Where(s => s.Type == SettingType.Choice))
        {
            foreach (var choice in setting.Choices)
                Assert.Equal(choice, setting.Get(With(setting, choice)));
            var refusal = Assert.Throws<InputException>(() => With(setting, "other"));
            Assert.StartsWith(
                $"The setting {setting.Name} is other; choose ",
                refusal.Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void Set_Layers_AreAListThatMayBeEmpty()
    {
        Assert.Equal("layer2,layer3", With(Of("also"), new[] { "layer2", "layer3" }).Also);
        Assert.Null(With(Of("also"), Array.Empty<string>()).Also);
    }

    private static TaskSetting Of(string name) => SettingTable.All.Single(s => s.Name == name);

    private static TaskSettings With(TaskSetting setting, object value) =>
        setting.Set(s_usual, JsonSerializer.SerializeToElement(value));

    private static void Refused(TaskSetting setting, object value)
    {
        var refusal = Assert.Throws<InputException>(With(setting, value).Validate);
        Assert.Equal("settings-invalid", refusal.Code);
        Assert.StartsWith($"The setting {setting.Name} is ", refusal.Message, StringComparison.Ordinal);
    }
}
