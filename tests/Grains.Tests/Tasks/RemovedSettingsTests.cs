using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace ComodCluster.Grains.Tests.Tasks;

/// <summary>Whoever names a setting that was removed is told, however it reaches this build.</summary>
public class RemovedSettingsTests
{
    // new MethodOptions { Cut = "layer3", Steps = 7, NonNegative = false, Nodes = 3, Strength = 1, RefreshFrom = 0,
    // Optimizer = Optimizer.Momentum,
    // GainPer = GainScope.Class, LabelForm = LabelForm.Rectified, GainAt = ["layer3"] }, written by the build of commit
    // c90a5d8.
    private const string MessageOfAnEarlierBuild =
        "20E8400D6C6179657233C101C1010101C101C101C101C101C101C101C101010DC101011DC101C101C101C101C101C101C101C101C101C101C101C101C101810000"
        + "00000000F03F01010105010501013101C3D96E3E4D526561644F6E6C794C697374496E74657266616365436F64656360315B5B737472696E675D5D0003C105E0E0";

    public static TheoryData<string, string> Named { get; } =
        new()
        {
            { "nonNegative", "false" },
            { "nodes", "3" },
            { "strength", "1" },
            { "refreshFrom", "0" },
            { "optimizer", "\"momentum\"" },
            { "gainPer", "\"class\"" },
            { "labelForm", "\"rectified\"" },
            { "gainAt", "[\"layer3\"]" },
        };

    [Fact]
    public void Removed_OfAMessageOfAnEarlierBuild_AreAllThatItNames()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();

        var options = services
            .GetRequiredService<Serializer>()
            .Deserialize<MethodOptions>(Convert.FromHexString(MessageOfAnEarlierBuild));

        Assert.Equal(("layer3", 7), (options!.Cut, options.Steps));
        Assert.Equal(Named.Select(n => n.Data.Item1), options!.Removed());
    }

    [Theory, MemberData(nameof(Named))]
    public void Of_NamedByARequestOrATask_IsRefusedWithTheRemedy(string setting, string value)
    {
        var options = CatalogJson.Read<MethodOptions>($$"""{"steps":7,"{{setting}}":{{value}}}""", 1);

        var ofRequest = Assert.Throws<ComodException>(() =>
            TrialSettings.Of(null, new AdaptRequest { Options = options })
        );
        var ofTask = Assert.Throws<ComodException>(() => TrialSettings.Of(options, new AdaptRequest()));

        Assert.All([ofRequest, ofTask], e => Assert.Equal((ErrorCodes.SettingsRemoved, 400), (e.Code, e.Status)));
        Assert.Equal(
            $"The options name the setting {setting}, which was removed because the study of the method found it "
                + $"harmful or without use (docs/method-study.md); leave it out.",
            ofRequest.Message
        );
        Assert.StartsWith(
            $"The task was registered with the setting {setting}, ",
            ofTask.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith("; register another task without it.", ofTask.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Named))]
    public void Write_ARecordThatNamesOne_KeepsIt(string setting, string value)
    {
        var stored = $$"""{"steps":7,"{{setting}}":{{value}}}""";

        Assert.Equal(stored, CatalogJson.Write(CatalogJson.Read<MethodOptions>(stored, 1), stored));
        Assert.DoesNotContain(setting, CatalogJson.Write(new MethodOptions { Steps = 7 }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Method.Shuffled, "shuffled")]
    [InlineData(Method.Rate, "rate")]
    [InlineData(Method.TrainedG, "trained-g")]
    public void RequireExperimental_OfAControl_AsksForTheMark(Method method, string name)
    {
        var request = new AdaptRequest { Methods = [Method.Comodulation, method] };

        var refusal = Assert.Throws<ComodException>(() => TrialSettings.RequireExperimental(request));

        Assert.Equal((ErrorCodes.RequestInvalid, 400), (refusal.Code, refusal.Status));
        Assert.Contains($"'{name}'", refusal.Message, StringComparison.Ordinal);
        TrialSettings.RequireExperimental(request with { Experimental = true });
        TrialSettings.RequireExperimental(
            new AdaptRequest { Methods = [.. Enum.GetValues<Method>().Where(m => !m.IsExperimental())] }
        );
        TrialSettings.RequireExperimental(new AdaptRequest());
        Assert.Equal(2, TrialSettings.Of(null, request).Count); // a job that an earlier build accepted
    }
}
