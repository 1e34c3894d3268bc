using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Tasks;

namespace ComodCluster.Cli.Tests.Commands;

public class VersionsTableTests
{
    private const string Reason = "gain: held-out loss 0.410 against 0.620 of readout (4 folds of 50 examples)";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_AVersionOfAuto_SaysBelowTheTableWhyItWasChosen(bool metrics)
    {
        var output = new StringWriter();
        var terminal = SilentTerminal.Of(out _) with { Out = SilentTerminal.Plain(output) };
        VersionInfo[] versions =
        [
            Version(1),
            Version(2) with
            {
                Choice = new MethodChoice
                {
                    Reason = Reason,
                    Folds = 4,
                    Images = 50,
                    Candidates = [],
                },
            },
        ];

        if (metrics)
            VersionsTable.WriteMetrics(terminal, versions);
        else
            VersionsTable.Write(terminal, versions);

        var lines = output.ToString().TrimEnd().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Equal($"Version 2 is of the method that auto chose. {Reason}", lines[^1].TrimEnd());
    }

    [Fact]
    public void Write_VersionsOfSeveralSettings_ShowWhereTheyDiffer()
    {
        var output = new StringWriter();
        var terminal = SilentTerminal.Of(out _) with { Out = SilentTerminal.Plain(output) };
        VersionsTable.Write(
            terminal,
            [
                Version(1),
                Version(2) with
                {
                    Settings = new() { Steps = 150, Cut = "layer2" },
                },
                Version(3) with
                {
                    Settings = new()
                    {
                        Steps = 300,
                        Cut = "layer2",
                        Also = ["layer3", "layer4"],
                    },
                },
            ]
        );
        var lines = output.ToString().Split('\n').Select(line => line.TrimEnd()).ToArray();
        Assert.EndsWith(" 208", lines[1]);
        Assert.EndsWith(" steps 150", lines[2]);
        Assert.EndsWith(" steps 300, also layer3,layer4", lines[3]);
    }

    private static VersionInfo Version(int number) =>
        new()
        {
            Version = number,
            Phase = VersionPhase.Ready,
            Active = false,
            Method = Method.Gain,
            Seed = 0,
            Job = "job",
            Examples = 50,
            Steps = 150,
            TrainedParameters = 208,
            Seconds = 1,
            StateBytes = 4000,
            Digest = "",
            BackboneDigest = "",
            Profile = "float32/64/2",
            Metrics = new(),
            Created = default,
        };
}
