using System.Globalization;
using System.Security.Cryptography;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Journals;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>What the reproductions on images share: the silo, the images and how an adaptation is measured.</summary>
internal abstract class ImageReproduction : IReproduction
{
    private const int QuickSteps = 2;

    private readonly ReproductionOptions _options;
    private readonly Lazy<string> _digest;
    private readonly ArmSettings _settings;
    private readonly ImageSilo _silo;

    protected ImageReproduction(ReproductionOptions options)
    {
        _options = options;
        _digest = new(() =>
        {
            using var file = options.Data!.OpenRead();
            return Convert.ToHexStringLower(SHA256.HashData(file));
        });
        _settings = options.Settings is { } file ? ArmSettings.Read(file) : ArmSettings.Found;
        var (epochs, perClass) = (Epochs(options), PerClass(options));
        _silo = new(
            options.Data,
            epochs,
            perClass,
            options.Backbones is { } folder ? new(folder, () => Digests.Of(_digest.Value, epochs, perClass)) : null
        );
    }

    /// <summary>Each is one adaptation, and those of a task share its canvases and batches.</summary>
    public int? AtOnce => 16;

    public IReadOnlyList<Constant> Constants =>
        [
            new(
                "images",
                Own ? $"{_options.Data!.Name}, SHA-256 {_digest.Value}" : "built-in scenes",
                "given with --dataset, or not"
            ),
            new(
                "canvases",
                "3 x 3 cells of 16 x 16 pixels, the relevant object at a fixed cell; new canvases for each seed",
                Constant.Chosen
            ),
            new(
                "pools",
                $"the first {Pretraining.AdaptPerClass} train images of each class to adapt from, the others to "
                    + $"train backbones, test images to test",
                Constant.Chosen
            ),
            new("test canvases", $"{TestImages}", Constant.Chosen),
            new(
                "early stopping",
                "a stratified quarter of the examples; no gate, no choice of method",
                Constant.Chosen
            ),
            .. OwnConstants,
        ];

    public abstract IReadOnlyList<Cell> Cells { get; }

    public abstract Conclusion Conclude(IReadOnlyList<Observation> observations);

    protected abstract IEnumerable<Constant> OwnConstants { get; }

    protected bool Quick => _options.Quick;

    /// <summary>On the user's images.</summary>
    protected bool Own => _options.Data is not null;

    protected Constant OfPretraining =>
        new(
            "pre-training",
            Own
                ? $"5 classes of {PerClass(_options)} train images, {Epochs(_options)} epochs"
                : "cifar10-objects, which ships with the silo and never saw a part",
            Constant.Chosen
        );

    private int TestImages => Quick ? 40 : 600;

    /// <summary>
    /// Work of an adaptation, compared with others. Examples are decoded and brought to the cut once; evaluations take
    /// them too.
    /// </summary>
    private static double Work(Trial trial) =>
        0.5
        + trial.Options.Examples!.Value / 200.0
        + trial.Options.Steps!.Value
            / 150.0
            * trial.Method switch
            {
                Method.Readout => 0.3,
                Method.Film or Method.BnAffine => 4,
                Method.Lora or Method.Full => 6,
                Method.Comodulation or Method.Shuffled => trial.Options.Estimator == CovarianceEstimator.MonteCarlo
                    ? 10
                    : 2,
                _ => 1.5,
            };

    protected MethodOptions Options(Method method, ArmSetting setting, int examples) =>
        ImageArm.Of(method).Options(setting, examples, Quick ? QuickSteps : int.MaxValue);

    /// <summary>With what was found for the arm.</summary>
    protected MethodOptions Options(Method method, int examples) => Options(method, _settings.Of[method], examples);

    protected IEnumerable<Constant> SettingsOf(IEnumerable<Method> methods) =>
        methods.Select(method => _settings.Constant(ImageArm.Of(method)));

    /// <summary>One for each trial, with its rate and steps in the key.</summary>
    /// <param name="where">What tells tasks apart.</param>
    /// <param name="number">Number of the task among those that are averaged over.</param>
    /// <param name="canvases">Canvases of the train split, which examples are drawn from.</param>
    /// <param name="x">Place on the curves.</param>
    /// <param name="metrics">Which are kept; null: all.</param>
    protected IEnumerable<Cell> CellsOf(
        string where,
        ImageTask task,
        int number,
        int seed,
        int canvases,
        double x,
        IEnumerable<Trial> trials,
        IReadOnlyList<string>? metrics = null
    ) =>
        trials.Select(trial => new Cell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{trial.Study} {x} {where} {seed}: {Format.Name(trial.Method)} {trial.Rate:0.######} x "
                    + $"{trial.Options.Steps}"
            ),
            Work(trial),
            async stop =>
                ImageMetric.Observe(
                    await _silo.Adapt(task, canvases, TestImages, seed, trial, stop),
                    x,
                    number,
                    seed,
                    metrics
                )
        ));

    protected static IReadOnlyList<Observation> Of(
        IReadOnlyList<Observation> observations,
        string study,
        Method method,
        string metric = ImageMetric.Accuracy
    )
    {
        var (name, arm) = (ImageMetric.Study(study, metric), Format.Name(method));
        return [.. observations.Where(observation => observation.Study == name && observation.Arm == arm)];
    }

    /// <summary>Over tasks of the means over their draws; NaN of none.</summary>
    protected static double Mean(IEnumerable<Observation> observations) =>
        observations
            .GroupBy(observation => observation.Task, (_, ofTask) => ofTask.Average(observation => observation.Value))
            .DefaultIfEmpty(double.NaN)
            .Average();

    protected static IEnumerable<string> Diverged(IReadOnlyList<Observation> observations) =>
        observations
            .Where(observation => observation.Study.EndsWith($": {ImageMetric.Diverged}", StringComparison.Ordinal))
            .GroupBy(observation => (observation.Study, observation.Arm, observation.X))
            .Select(group =>
                $"{group.Key.Study}, {group.Key.Arm}, {group.Key.X}: {group.Count()} adaptations; they are in no mean."
            );

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    private static int Epochs(ReproductionOptions options) => options.Quick ? 1 : 6;

    private static int PerClass(ReproductionOptions options) => options.Quick ? 100 : 4000;
}
