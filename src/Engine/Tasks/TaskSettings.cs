using System.Globalization;
using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Tasks;

/// <summary>
/// Everything that decides one adaptation, besides its images and backbone. Defaults are those of
/// docs/method.md#equations, and rates those of docs/decisions/0014-defaults.md.
/// </summary>
public sealed record TaskSettings
{
    private static readonly MethodTraits Usual = MethodTraits.Of(Method.Comodulation);

    public Method Method { get; init; } = Method.Comodulation;

    /// <summary>Draws the training images, their split and the order of the steps.</summary>
    public int Seed { get; init; }

    /// <summary>Encoder layer.</summary>
    public string Cut { get; init; } = "layer2";

    /// <summary>
    /// Further modulated layers, each later than the one before it and the first later than the cut, with commas
    /// between them; null: none. Of methods with couplings only.
    /// </summary>
    // Not written where there are none: such a state is the one that earlier builds write.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Also { get; init; }

    public GainForm GainForm { get; init; } = GainForm.Exponential;

    public Granularity Granularity { get; init; } = Granularity.Unit;

    /// <summary>Side of the coarse grid; at most the activations' own.</summary>
    public int Grid { get; init; } = 12;

    /// <summary>Mean of the modulator.</summary>
    public double Mu { get; init; } = 1;

    /// <summary>Standard deviation of the modulator.</summary>
    public double Sigma { get; init; } = 0.1;

    /// <summary>
    /// Correlation of the modulator between groups of channels; 1 is comodulation, 0 private noise, which labels
    /// nothing.
    /// </summary>
    public double Rho { get; init; } = 1;

    /// <summary>Groups of channels with private noise; used below rho = 1.</summary>
    public int Groups { get; init; } = 8;

    /// <summary>Bound of |c mu|.</summary>
    public double Cap { get; init; } = 3;

    public CovarianceEstimator Estimator { get; init; } = CovarianceEstimator.Quadrature;

    /// <summary>Monte Carlo samples per refresh, in antithetic pairs.</summary>
    public int Samples { get; init; } = 64;

    /// <summary>Rank of the change of each kernel; for method <see cref="Method.Lora"/> only.</summary>
    public int Rank { get; init; } = 4;

    public int Steps { get; init; } = 150;

    /// <summary>Rows per step: a segment of the batch.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>The optimiser's rate for what the method trains inside the network.</summary>
    public double LearningRate { get; init; } = Usual.LearningRate;

    /// <summary>
    /// The optimiser's rate for the readout, where it is trained; null: 0.001 for <see cref="Method.Readout"/>, else a
    /// tenth of <see cref="LearningRate"/>.
    /// </summary>
    public double? ReadoutLearningRate { get; init; }

    /// <summary>Weight of |u|^2 + |v|^2 in the loss.</summary>
    public double Penalty { get; init; } = Usual.Penalty;

    /// <summary>Steps between refreshes of the decoder gain.</summary>
    public int RefreshEvery { get; init; } = 3;

    /// <summary>How the readout of new classes is fitted once the couplings are trained.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ReadoutRefit Refit { get; init; }

    /// <summary>Steps between evaluations on held-out images.</summary>
    public int EvaluateEvery { get; init; } = 10;

    /// <summary>
    /// Evaluations in a row without a better held-out loss after which the steps end; null: never before
    /// <see cref="Steps"/>.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>Training images, drawn by the seed; null: all.</summary>
    public int? Examples { get; init; }

    /// <summary>Images of the test split that measure the result; null: all.</summary>
    public int? TestImages { get; init; }

    public GatePolicy Gate { get; init; } = GatePolicy.Auto;

    public double EffectiveReadoutLearningRate =>
        ReadoutLearningRate ?? MethodTraits.Of(Method).ReadoutRate ?? LearningRate / 10;

    /// <summary>
    /// With the defaults of couplings on top of a readout in closed form (docs/decisions/0028-couplings-on-readouts.md).
    /// </summary>
    public TaskSettings OnReadout() => this with { Grid = 6, Steps = 80, LearningRate = 0.01 };

    /// <summary>The defaults of a method.</summary>
    public static TaskSettings For(Method method) =>
        Enum.IsDefined(method)
            ? new()
            {
                Method = method,
                LearningRate = MethodTraits.Of(method).LearningRate,
                Penalty = MethodTraits.Of(method).Penalty,
            }
            : new() { Method = method };

    /// <exception cref="InputException">settings-invalid: names the setting, its value and its range.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Method))
            throw Invalid("method", Method, $"one of {string.Join(", ", Enum.GetNames<Method>())}");
        foreach (var setting in SettingTable.All)
            setting.Validate(this);
        if (Rho != 1 && Estimator != CovarianceEstimator.MonteCarlo)
            throw Invalid("rho", Rho, "1, or estimator 'monte-carlo': quadrature covers one shared modulator only");
    }

    private static InputException Invalid(string setting, object value, string range) =>
        new(
            "settings-invalid",
            string.Create(CultureInfo.InvariantCulture, $"The setting {setting} is {value}; choose {range}.")
        );
}
