using System.CommandLine;
using ComodCluster.Cli.Commands.Tasks;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Cli.Tests.Commands;

public class MethodSettingsTests
{
    [Theory]
    [InlineData("--also layer3,layer4", "layer3 layer4")]
    [InlineData("--also layer3,", "layer3")]
    [InlineData("--cut stem", null)]
    public void Read_FurtherLayers_AreAList(string line, string? layers)
    {
        var settings = new MethodSettings();
        var command = new Command("adapt");
        settings.AddTo(command);

        var options = settings.Read(command.Parse(line.Split(' ')))!;

        Assert.Equal(layers, options.Also is { } also ? string.Join(' ', also) : null);
    }

    [Fact]
    public void Read_LayersWithGains_AreAList()
    {
        var settings = new MethodSettings();
        var command = new Command("adapt");
        settings.AddTo(command);

        Assert.Equal(["layer3", "layer4"], settings.Read(command.Parse(["--gain-at", "layer3,layer4"]))!.GainAt!);
    }

    [Theory]
    [InlineData("--gain-per class", GainScope.Class)]
    [InlineData("--gain-per task", GainScope.Task)]
    [InlineData("--cut stem", null)]
    public void Read_GainPer_IsNamedAsOnTheWire(string line, GainScope? scope)
    {
        var settings = new MethodSettings();
        var command = new Command("adapt");
        settings.AddTo(command);

        Assert.Equal(scope, settings.Read(command.Parse(line.Split(' ')))!.GainPer);
    }

    [Fact]
    public void Read_OptionsOfGainAndReadout_AreThose()
    {
        var settings = new MethodSettings();
        var command = new Command("adapt");
        settings.AddTo(command);

        var options = settings.Read(command.Parse(["--gain-form", "absolute", "--strength", "0.5", "--label-form", "absolute", "--refresh-from", "50", "--refit", "none", "--optimizer", "momentum"]));

        Assert.Equal(new MethodOptions { GainForm = GainForm.Absolute, Strength = 0.5, LabelForm = LabelForm.Absolute, RefreshFrom = 50, Refit = ReadoutRefit.None, Optimizer = Optimizer.Momentum }, options);
    }

    [Fact]
    public void Read_NothingGiven_IsNull()
    {
        var settings = new MethodSettings();
        var command = new Command("adapt");
        settings.AddTo(command);

        Assert.Null(settings.Read(command.Parse([])));
    }
}
