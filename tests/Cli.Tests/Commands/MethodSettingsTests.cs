using System.CommandLine;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Tasks;

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
    public void Read_OptionsOfGainAndReadout_AreThose()
    {
        var settings = new MethodSettings();
        var command = new Command("adapt");
        settings.AddTo(command);

        var options = settings.Read(command.Parse(["--gain-form", "absolute", "--refit", "none"]));

        Assert.Equal(new MethodOptions { GainForm = GainForm.Absolute, Refit = ReadoutRefit.None }, options);
    }

    [Fact]
    public void Read_EveryOption_ReachesItsMember()
    {
        var settings = new MethodSettings();
        var command = new Command("adapt");
        settings.AddTo(command);

        var options = settings.Read(
            command.Parse([
                .. command
                    .Options.Where(option => !option.Hidden)
                    .SelectMany(option =>
                        new[]
                        {
                            option.Name,
                            option switch
                            {
                                { Name: "--batch" } => "16",
                                { HelpName: "LAYER" } => "layer1",
                                { HelpName: "A,B" } => "layer2,layer3",
                                { HelpName: "N" } => "8",
                                { HelpName: "X" } => "0.25",
                                _ => option.HelpName!.Split('|')[1],
                            },
                        }
                    ),
            ])
        )!;

        Assert.All(typeof(MethodOptions).GetProperties(), member => Assert.NotNull(member.GetValue(options)));
        Assert.Equal(
            (8, 16, 0.25, CovarianceEstimator.MonteCarlo),
            (options.Steps, options.Batch, options.LearningRate, options.Estimator)
        );
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
