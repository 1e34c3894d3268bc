using System.Globalization;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>What the study varies while everything else stays.</summary>
/// <param name="OfGain">Deterministic gain has it too: it is run along, so that what only raises both is told
/// apart.</param>
internal sealed record StudyFactor(string Name, bool OfGain, IReadOnlyList<StudyValue> Values)
{
    public const string Amplitude = "amplitude",
        Default = "default";

    private const int FewSamples = 16;

    public static StudyValue TwoLayers { get; } = Layers("layer2", "layer3");

    /// <summary>The form that is best with a fixed head.</summary>
    public static StudyValue Found { get; } =
        new("layer3 and rectified gain", o => o with { Cut = "layer3", GainForm = GainForm.Rectified });

    /// <summary>Draws on new classes.</summary>
    public int OwnSeeds { get; init; } = 1;

    private static StudyValue TwoRectified { get; } =
        new("layer2+layer3 and rectified gain", o => TwoLayers.Change(o) with { GainForm = GainForm.Rectified });

    private static readonly StudyValue[] s_otherLayers =
    [
        Layers("layer1", "layer2"),
        Layers("layer2", "layer3", "layer4"),
    ];

    // All that is better alone by an interval above 0. Not the grid of 3: it has the layout of the canvases.
    private static readonly StudyFactor s_together = new(
        "together",
        true,
        [
            Found,
            new("layer3 and absolute gain", o => o with { Cut = "layer3", GainForm = GainForm.Absolute }),
            new("layer3 and grid 6", o => o with { Cut = "layer3", Grid = 6 }),
            Layers("layer3", "layer4"),
            TwoRectified,
        ]
    );

    public static IReadOnlyList<StudyFactor> All { get; } =
    [
        new(
            "cut",
            true,
            [
                .. new[] { "stem", "layer1", "layer2.0", "layer3.0", "layer3", "layer4.0", "layer4" }.Select(
                    cut => new StudyValue(cut, o => o with { Cut = cut })
                ),
            ]
        ),
        new(
            "granularity",
            true,
            [
                new("channel", o => o with { Granularity = Granularity.Channel }),
                new("spatial", o => o with { Granularity = Granularity.Spatial }),
            ]
        ),
        new(
            "grid",
            true,
            [.. new[] { 3, 6, 24 }.Select(grid => new StudyValue($"{grid}", o => o with { Grid = grid }))]
        ),
        new(
            "gain form",
            true,
            [
                .. new[] { GainForm.Rectified, GainForm.Absolute }.Select(form => new StudyValue(
                    Format.Name(form),
                    o => o with { GainForm = form }
                )),
            ]
        ),
        new("layers", true, [TwoLayers, .. s_otherLayers]),
        new(
            Amplitude,
            false,
            [
                .. new[] { 0.01, 0.03, 0.3, 0.5, 1 }.Select(sigma => new StudyValue(
                    Text(sigma),
                    o => o with { Sigma = sigma }
                )
                {
                    X = sigma,
                }),
            ]
        ),
        new(
            "correlation",
            false,
            [
                .. new[] { (1, 8), (0.75, 8), (0.5, 8), (0, 8), (0.5, 2), (0.5, 32) }.Select(pair => new StudyValue(
                    $"{Text(pair.Item1)} of {pair.Item2} groups",
                    o =>
                        o with
                        {
                            Estimator = CovarianceEstimator.MonteCarlo,
                            Samples = FewSamples,
                            Rho = pair.Item1,
                            Groups = pair.Item2,
                        }
                )),
            ]
        ),
        new(
            "refresh",
            false,
            [
                .. new[] { 1, 10, 30 }.Select(every => new StudyValue(
                    $"every {every}",
                    o => o with { RefreshEvery = every }
                )),
            ]
        ),
        new("cap", true, [.. new[] { 1.0, 6 }.Select(cap => new StudyValue(Text(cap), o => o with { Cap = cap }))]),
        new(
            "penalty",
            true,
            [.. new[] { 0, 1e-2 }.Select(penalty => new StudyValue(Text(penalty), o => o with { Penalty = penalty }))]
        ),
        new(
            "rate and steps",
            true,
            [
                .. new[] { (0.03, 150), (0.03, 500), (0.1, 50), (0.1, 150), (0.3, 30), (0.3, 150) }.Select(pair =>
                    RateAndSteps(pair.Item1, pair.Item2)
                ),
            ]
        ),
        new(
            "batch",
            true,
            [.. new[] { 16, 64 }.Select(batch => new StudyValue($"{batch}", o => o with { Batch = batch }))]
        ),
        // The gate holds images out too: of fewer than 64 examples all, in turn.
        new("held out", true, [new("in turn", o => o with { Gate = GatePolicy.Auto })]),
        new("readout", true, [new("own", o => o) { Readout = ReadoutMode.Own }]),
        s_together,
    ];

    /// <summary>
    /// Factors on new classes; besides those of <see cref="All"/>, how the readout is fitted after the couplings.
    /// </summary>
    public static IReadOnlyList<StudyFactor> OfOwnClasses { get; } =
    [
        new(
            "refit",
            true,
            [
                .. new[] { ReadoutRefit.Plain, ReadoutRefit.Prior, ReadoutRefit.None }.Select(refit => new StudyValue(
                    Format.Name(refit),
                    o => o with { Refit = refit }
                )),
            ]
        ),
        new("layers", true, s_otherLayers) { OwnSeeds = 3 },
        new("two layers and", true, [.. new[] { RateAndSteps(0.03, 150), RateAndSteps(0.1, 50) }.Select(OfTwoLayers)])
        {
            OwnSeeds = 3,
        },
        new("together", true, [Found, TwoRectified]) { OwnSeeds = 3 },
        new(
            "cut",
            true,
            [
                .. new[] { "layer1", "layer3.0", "layer3", "layer4.0" }.Select(cut => new StudyValue(
                    cut,
                    o => o with { Cut = cut }
                )),
            ]
        ),
        new(
            "readout rate",
            true,
            [
                .. new[] { 0.0003, 0.01 }.Select(rate => new StudyValue(
                    Text(rate),
                    o => o with { ReadoutLearningRate = rate }
                )),
            ]
        ),
        new(
            "rate and steps",
            true,
            [.. new[] { (0.01, 150), (0.03, 50), (0.1, 50) }.Select(pair => RateAndSteps(pair.Item1, pair.Item2))]
        ),
    ];

    private static StudyValue RateAndSteps(double rate, int steps) =>
        new(
            $"{Text(rate)} x {steps}",
            o => o with { LearningRate = rate, Steps = steps, EvaluateEvery = Math.Max(1, steps / 15) }
        );

    private static StudyValue Layers(string cut, params string[] also) =>
        new(string.Join('+', [cut, .. also]), o => o with { Cut = cut, Also = also });

    private static StudyValue OfTwoLayers(StudyValue value) =>
        value with
        {
            Change = o => value.Change(TwoLayers.Change(o)),
        };

    private static string Text(double value) => value.ToString("0.#####", CultureInfo.InvariantCulture);
}
