using ComodCluster.Engine.Statistics;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Tests.Execution;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Tests.Trials;

/// <summary>
/// What is served is no worse than the base on images that no trial saw: the mean over seeds is at most one standard
/// error over seeds above the base's.
/// </summary>
public class AgainstTheBaseTests(ITestOutputHelper output)
{
    private const int Seeds = 10,
        TestImages = 600;

    public static MatrixTheoryData<Method, ReadoutMode, GatePolicy> Everything { get; } =
        new(Enum.GetValues<Method>(), Enum.GetValues<ReadoutMode>(), Enum.GetValues<GatePolicy>());

    [Theory]
    [InlineData(Method.Comodulation, ReadoutMode.Own, GatePolicy.Auto)]
    [InlineData(Method.Comodulation, ReadoutMode.Own, GatePolicy.Off)]
    [InlineData(Method.Comodulation, ReadoutMode.Head, GatePolicy.Off)]
    [InlineData(Method.Gain, ReadoutMode.Own, GatePolicy.Off)]
    public Task Adapt_TenSeeds_AreNoWorseThanTheBase(Method method, ReadoutMode mode, GatePolicy gate) =>
        NoWorseThanTheBase(method, mode, gate);

    [Theory(Explicit = true), Trait("Category", "Long")]
    [MemberData(nameof(Everything))]
    public Task Adapt_TenSeedsOfEveryMethod_AreNoWorseThanTheBase(Method method, ReadoutMode mode, GatePolicy gate) =>
        NoWorseThanTheBase(method, mode, gate);

    private async Task NoWorseThanTheBase(Method method, ReadoutMode mode, GatePolicy gate)
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(36, TestImages);
        var trials = Enumerable
            .Range(0, Seeds)
            .Select(seed => Tiny.SettingsOf(method) with { Seed = seed, Steps = 40, Gate = gate })
            .ToArray();
        var results = await engine.Adapt(
            Tiny.Work(pack, mode, trials),
            new Recorder(),
            TestContext.Current.CancellationToken
        );
        double[] version = [.. results.Select(r => r.Metrics.Test!.Nll)],
            untouched = [.. results.Select(r => r.Metrics.BaseTest!.Nll)];
        var difference = PairedDifference.Of(version, untouched);
        var text =
            $"{version.Average():0.0000} against {untouched.Average():0.0000} of the base: difference "
            + $"{difference.Mean:+0.0000;-0.0000}, "
            + $"standard error {difference.StandardError:0.0000}; worst {version.Max():0.0000}; steps "
            + $"{string.Join(", ", results.Select(r => r.Steps))}";
        output.WriteLine(text);
        Assert.All(results, r => Assert.Equal(TestImages, r.Metrics.Test!.Images));
        Assert.True(difference.Mean <= difference.StandardError, text);
    }
}
