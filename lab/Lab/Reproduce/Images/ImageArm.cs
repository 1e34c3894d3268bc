using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>A method in comparisons of images.</summary>
/// <param name="Rate">Rate of Adam, which the factors multiply: what the engine had before the tuning.</param>
/// <param name="Tuned">What it is reported with.</param>
internal sealed record ImageArm(Method Method, string Color, double Rate, ArmSetting Tuned)
{
    /// <summary>Where <see cref="Tuned"/> comes from.</summary>
    public const string Source = "images-tuning on CIFAR-10: docs/results/images-tuning.csv";

    /// <summary>Hold-out evaluations of an adaptation, whatever its steps.</summary>
    private const int Evaluations = 15;

    private static readonly ArmSetting s_default = ArmSetting.Grid[0];

    /// <summary>The arms at all sizes come first.</summary>
    public static IReadOnlyList<ImageArm> All { get; } =
    [
        new(Method.Readout, "#8a94a6", 0.01, new(0.1, 150)),
        new(Method.Gain, "#e08e2b", 0.03, new(3, 150)),
        new(Method.Comodulation, "#2f9e8f", 0.03, new(3, 150)),
        new(Method.Difference, "#9a5fb4", 0.03, s_default),
        new(Method.Film, "#4f7fc9", 0.01, new(0.1, 150)),
        new(Method.BnAffine, "#c8553d", 0.01, new(0.3, 150)),
        new(Method.Full, "#7a5c3e", 1e-4, new(0.3, 150)),
        new(Method.Lora, "#5b8c3a", 0.003, new(0.1, 150)),
        new(Method.Shuffled, "#b5892c", 0.03, new(3, 150)),
        new(Method.Rate, "#c76f9b", 0.03, new(10, 150)),
        new(Method.TrainedG, "#3f8fa8", 0.03, new(3, 50)),
    ];

    public string Name => Format.Name(Method);

    public static ImageArm Of(Method method) => All.Single(arm => arm.Method == method);

    /// <summary>Options of one layer and exponential gains, whatever the engine's default form is.</summary>
    /// <param name="steps">At most.</param>
    public MethodOptions Options(ArmSetting setting, int examples, int steps = int.MaxValue)
    {
        var options = new MethodOptions
        {
            Cut = "layer2",
            Also = [],
            GainForm = GainForm.Exponential,
            Examples = examples,
            Steps = Math.Min(steps, setting.Steps),
            EvaluateEvery = setting.Steps / Evaluations,
        };
        var rate = setting.Factor * Rate;
        return Method == Method.Readout
            ? options with
            {
                ReadoutLearningRate = rate,
            }
            : options with
            {
                LearningRate = rate,
            };
    }
}
