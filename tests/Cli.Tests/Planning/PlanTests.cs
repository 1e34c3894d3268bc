using System.Text;
using ComodCluster.Api.Planning;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Commands.Planning;
using ComodCluster.Client.Tests;
using Spectre.Console;

namespace ComodCluster.Cli.Tests.Planning;

public class PlanTests
{
    private static readonly PlanReport s_plan = new()
    {
        Backbone = "scenes",
        Dataset = "gears",
        Classes = ["gear<x>", "washer"],
        Readout = ReadoutMode.Head,
        Examples = 50,
        Images = 50,
        StepImages = 48,
        HeadAccuracy = new(0.66, 0.52, 0.78),
        ChanceAccuracy = 0.5,
        RankedBy = "promised",
        Cuts =
        [
            new PlanCut
            {
                Cut = "layer2",
                Rank = 2,
                LogMe = -0.72,
                HScore = 0.4,
                Probe = new(0.7, 0.6, 0.8),
                Promised = new(0.05, -0.01, 0.11),
                Measured = new(0.04, -0.02, 0.1),
                Accuracy = new(0.74, 0.62, 0.86),
                Gained = new(0.08, 0, 0.16),
                PrefixBytes = 37 << 10,
            },
            new PlanCut
            {
                Cut = "layer3",
                Rank = 1,
                LogMe = -0.66,
                HScore = 0.6,
                Probe = new(0.72, 0.6, 0.84),
                Promised = new(0.15, 0.08, 0.22),
                Measured = new(0.12, 0.05, 0.19),
                Accuracy = new(0.82, 0.7, 0.92),
                Gained = new(0.16, 0.06, 0.26),
                PrefixBytes = 18 << 10,
            },
        ],
        Sigma = new()
        {
            Cut = "layer3",
            Bound = 0.01,
            Safe = 0.42,
            Limited = true,
            Explained = 0.083,
            LargestCoupling = 0.9,
            Points = [new(0.2, 0.5, 0.002, 0.03), new(0.5, 0.51, 0.014, 0.11)],
        },
        Curve = new()
        {
            Points = [new(19, new(0.6, 0.5, 0.7)), new(38, new(0.7, 0.6, 0.8))],
            Exponent = -0.41,
            Expected = new(0.73, 0.62, 0.82),
            Doubled = new(0.79, 0.66, 0.88),
        },
        Costs =
        [
            new PlanCost
            {
                Method = PlanMethod.Readout,
                DeviceSeconds = 0.4,
                PrefixBytes = 25600,
                PrefixMissing = 50,
                StateBytes = 2500,
                TrainedParameters = 258,
                Accuracy = new(0.73, 0.62, 0.82),
                Basis = "learning curve",
                PointsPerSecond = 17.5,
            },
            new PlanCost
            {
                Method = PlanMethod.Full,
                DeviceSeconds = 80,
                PrefixBytes = 0,
                PrefixMissing = 0,
                StateBytes = 2_800_000,
                TrainedParameters = 700_000,
                Basis = "not known before it runs",
            },
        ],
        Recommendation = new()
        {
            Method = Method.Comodulation,
            Cut = "layer3",
            Sigma = 0.1,
            Steps = 150,
            Reasons = ["The head gets 0.660 right."],
        },
        Warnings = ["50 examples are few."],
        DeviceSeconds = 3.2,
        Device = "cpu",
        Profile = "bfloat16/64/2",
        Seed = 0,
    };

    [Fact]
    public async Task Run_Options_AreSentAndTheAnswerIsWritten()
    {
        var server = new ScriptedServer().Json(
            System.Text.Json.JsonSerializer.Serialize(s_plan, System.Text.Json.JsonSerializerOptions.Web)
        );
        using var client = server.Client();
        var plan = await client.Plans.Make(
            new PlanRequest
            {
                Backbone = "scenes",
                Dataset = "gears",
                Readout = ReadoutMode.Own,
                Options = new() { Examples = 50 },
            },
            TimeSpan.FromSeconds(30),
            TestContext.Current.CancellationToken
        );
        Assert.Equal("/v1/plan?timeoutMs=30000", server.Requests[0].Path);
        var body = Encoding.UTF8.GetString(server.Requests[0].Body);
        Assert.Contains("\"readout\":\"own\"", body);
        Assert.Contains("\"examples\":50", body);
        Assert.Equal(s_plan.Cuts, plan.Cuts);
        Assert.Null(plan.Costs[1].Accuracy);
    }

    [Fact]
    public void Text_OfAPlan_HasEverySection()
    {
        var written = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(written) }
        );
        console.Profile.Width = 400;
        PlanText.Write(new Terminal(console, console, new StringWriter(), Live: false), s_plan);
        var text = written.ToString();
        Assert.Contains("recommended   comodulation --cut layer3 --sigma 0.1 --steps 150", text);
        Assert.Contains("- The head gets 0.660 right.", text);
        Assert.Contains("! 50 examples are few.", text);
        Assert.Matches(
            @"layer3 +1 \* +\+0\.150 \(\+0\.080 to \+0\.220\) +\+0\.120 \(\+0\.050 to \+0\.190\) +0\.820 \(0\.700-0\.920\) +-0\.660 +0\.600 +0\.720 \(0\.600-0\.840\) +18\.0 KB",
            text
        );
        Assert.Contains("Sigma up to 0.42 raises the expected loss at layer3 by at most 1 %", text);
        Assert.Matches(@"0\.5 +0\.5100 +\+1\.40 % +11\.0 %", text);
        Assert.Contains(
            "expected to reach 0.730 (0.620-0.820) with 50 examples, 0.790 (0.660-0.880) with 100 (error ~ "
                + "examples^-0.41)",
            text
        );
        Assert.Matches(
            @"readout +0\.730 \(0\.620-0\.820\) +17\.50 +0\.4 +2\.4 KB +25\.0 KB +258 +learning curve",
            text
        );
        Assert.Matches(@"full +- +- +80\.0 +2\.7 MB +0 B +700000 +not known", text);
    }

    [Fact]
    public void Page_OfAPlan_HasThePlotsAndRefersToNoOtherFile()
    {
        var page = PlanPage.Render(s_plan, new DateTimeOffset(2026, 11, 25, 3, 0, 0, TimeSpan.Zero));
        foreach (
            var figure in new[]
            {
                "Fall of the held-out loss by one step of couplings at every cut",
                "Share by which the noise raises the expected loss",
                "Learning curve of a readout alone",
            }
        )
            Assert.Contains($"aria-label=\"{figure}\"", page);
        Assert.Contains("comodulation --cut layer3 --sigma 0.1 --steps 150", page);
        Assert.Contains("2026-11-25 03:00 UTC", page);
        Assert.DoesNotContain("gear<x>", page);
        Assert.DoesNotContain("src=\"", page);
        Assert.DoesNotContain("<link", page);
        Assert.DoesNotContain("NaN", page);
        var ids = System
            .Text.RegularExpressions.Regex.Matches(page, " id=\"([^\"]+)\"")
            .Select(match => match.Groups[1].Value)
            .ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Theory]
    [InlineData("plan --backbone scenes", "--dataset")]
    [InlineData("plan --backbone scenes --dataset gears --images 4", "--images is 4: give a number from 16 to 512")]
    [InlineData("plan --backbone scenes --dataset gears --readout bogus", "bogus")]
    [InlineData("plan --backbone scenes --dataset gears --report no/such/folder/plan.html", "There is no folder")]
    public async Task Run_WrongCommandLine_ExitsWith2AndOneSentence(string line, string sentence)
    {
        var exit = await ComodRoot.Run(line.Split(' '), Commands.SilentTerminal.Of(out var error));
        Assert.Equal(2, exit);
        Assert.Contains(sentence, error.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
