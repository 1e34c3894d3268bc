using System.Globalization;
using ComodCluster.Infrastructure.Journals;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>The simulated hierarchy, its tasks and its training.</summary>
internal sealed record HierarchySettings
{
    private const string Script = "public script of the authors, Fig5";

    public Geometry Geometry { get; init; } = new(Positions: 16, Orientations: 10, Features: 4);

    /// <summary>Positions along each border where no pattern is placed.</summary>
    public int Border { get; init; } = 2;
    public double Width { get; init; } = 0.7;
    public double Wavelength { get; init; } = 1.5;

    /// <summary>Standard deviation of each pixel.</summary>
    public double Noise { get; init; } = 0.1;
    public int Distractors { get; init; } = 50;

    /// <summary>Smoothing of the couplings over orientations, in radians.</summary>
    public double FilterWidth { get; init; } = 0.1;
    public double Sigma { get; init; } = 0.1;
    public HierarchyVariant Base { get; init; } = new("") { Seeds = int.MaxValue, OfWeights = true };
    public float WeightRate { get; init; } = 1e-4f;

    /// <summary>Passes over the training points at most.</summary>
    public int Epochs { get; init; } = 1000;

    /// <summary>
    /// Passes without a better validation loss, in any of the eight runs that advance together, after which they end.
    /// </summary>
    public int Patience { get; init; } = 250;

    /// <summary>Fewer passes at which the best so far is scored too.</summary>
    public IReadOnlyList<int> Budgets { get; init; } = [100, 300];

    /// <summary>Labelled points, half of them for validation; in the order in which they are run.</summary>
    public IReadOnlyList<int> Points { get; init; } = [200, 100, 300];

    /// <summary>Other trainings.</summary>
    public IReadOnlyList<HierarchyVariant> Variants { get; init; } =
    [
        new("couplings' rate 0.01", Rate: 1e-2f) { Points = [200, 100, 300], Seeds = 10 },
        new("couplings start at 0.1 squared", Start: 0.1f),
        new("couplings start at 0.1 squared; rate 0.01", Rate: 1e-2f, Start: 0.1f),
        new("kept by validation accuracy") { KeptBy = KeptBy.Accuracy, Points = [100, 200] },
        new("kept by validation accuracy; rate 0.01", Rate: 1e-2f) { KeptBy = KeptBy.Accuracy, Points = [100, 200] },
        new("hidden layers learned digits") { Learn = HiddenLayersLearn.Digits },
        new("hidden layers learned digits; rate 0.01", Rate: 1e-2f)
        {
            Learn = HiddenLayersLearn.Digits,
            OfWeights = true,
            Points = [200, 100, 300],
        },
    ];
    public int Seeds { get; init; } = 10;
    public int TestPoints { get; init; } = 500;

    /// <summary>Steps between two refreshes of the decoder gain in the arm that refreshes seldom.</summary>
    public int SeldomSteps { get; init; } = 10;
    public int PretrainingPoints { get; init; } = 4000;
    public int PretrainingEpochs { get; init; } = 20;
    public float PretrainingRate { get; init; } = 1e-3f;

    /// <summary>Canvases that the hidden layers of one variant learn from.</summary>
    public int Digits { get; init; } = 4000;

    /// <summary>Single patterns that the readout of that variant learns from.</summary>
    public int Patterns { get; init; } = 1000;

    /// <summary>Share of canvases and of patterns that is learned from; the others choose the epoch.</summary>
    public double DigitsShare { get; init; } = 0.3;
    public int DigitsEpochs { get; init; } = 150;
    public int PatternsEpochs { get; init; } = 1000;
    public float DigitsRate { get; init; } = 1e-4f;

    public static HierarchySettings Full { get; } = new();

    public static HierarchySettings Quick { get; } =
        new()
        {
            Geometry = new(Positions: 8, Orientations: 4, Features: 2),
            Border = 1,
            Distractors = 6,
            Epochs = 6,
            Budgets = [2],
            Points = [16, 32],
            Variants =
            [
                .. new HierarchySettings().Variants.Select(variant =>
                    variant with
                    {
                        Points = variant.Points.Count > 2 ? [16, 32] : [16],
                        Seeds = 1,
                    }
                ),
            ],
            Seeds = 2,
            TestPoints = 50,
            PretrainingPoints = 640,
            PretrainingEpochs = 3,
            Digits = 640,
            Patterns = 160,
            DigitsEpochs = 3,
            PatternsEpochs = 3,
        };

    /// <summary>As published: places in the first row, neighbouring orientations.</summary>
    public static OrientationTask TaskOf(int seed) =>
        (seed % 3) switch
        {
            0 => new(0, 0),
            1 => new(4, 1),
            _ => new(9, 2),
        };

    public IReadOnlyList<Constant> Constants =>
        [
            new("revision of the simulation", "1", Constant.Chosen),
            new(
                "front end",
                $"{Geometry.Positions} x {Geometry.Positions} positions, {Geometry.Orientations} orientations; "
                    + $"image {GaborBank.Side} x {GaborBank.Side} of mean 0 and variance 1",
                Script
            ),
            new("Gabor", $"sigma {Text(Width)}, wavelength {Text(Wavelength)}, values below 0.1 cut", Script),
            new(
                "hidden layers",
                $"two; {Geometry.Features} features for each position and orientation; each pools 2 x 2 positions "
                    + $"of its orientation",
                Script
            ),
            new(
                "classes",
                $"{Geometry.Orientations}: the readout is asked for the orientation, also in the tasks",
                Script
            ),
            new("pixel noise", Text(Noise), Script),
            new("border without patterns", $"{Border} positions", Script),
            new("distractors", $"{Distractors} at places fixed for a task, of any orientation", Script),
            new(
                "tasks",
                "place 0, 4, 9 of the first row; orientations 0 and 1, 1 and 2, 2 and 3; seed modulo 3",
                Script
            ),
            new(
                "pre-training",
                $"{PretrainingPoints} single patterns, Adam {Text(PretrainingRate)}, batches of 32, "
                    + $"{PretrainingEpochs} epochs, best of 500 further patterns; one network for all seeds",
                "chosen here: the script's hidden layers learn MNIST digits and its readout 1000 single patterns"
            ),
            new(
                "couplings",
                $"squares of trained numbers that start at {Text(Base.Start)}; smoothing {Text(FilterWidth)} radians",
                Script
            ),
            new("modulator", $"mean 1 in training and decisions; sigma {Text(Sigma)}", Script),
            new(
                "covariance",
                "two nodes of Gauss-Hermite quadrature about mean 1, on the step's own rows, after each step",
                "chosen here: the script draws 500 modulators about 0 for an input of zeros, where nothing can go "
                    + "with the modulator"
            ),
            new("decoder gain", "running mean with a memory of at most 100 refreshes, mean 1", Script),
            new("couplings' rate", $"Adam {Text(Base.Rate)}", Script),
            new("weights' rate", $"Adam {Text(WeightRate)}, for all weights and for the readout alone", Script),
            new("batch", Text(Tile.Batch), Script),
            new("epochs", $"at most {Epochs}; the best validation loss counts", Script),
            new("patience", $"{Patience} epochs", "chosen here: the script runs all epochs"),
            new("validation", "half of the points", Script),
            new("points", string.Join(' ', Points), "as published"),
            new("test points", Text(TestPoints), Constant.Chosen),
            new(
                "shuffled",
                "decoder gain of comodulation under a permutation of the units, fixed for a seed",
                Constant.Chosen
            ),
            new("rate", "label is the mean activity", Constant.Chosen),
            new("difference", "label is the activity with the gains minus that without", Constant.Chosen),
            new(
                "trained gain",
                $"decoder gain trained by Adam {Text(Base.Rate)} with the couplings, not below 0",
                Constant.Chosen
            ),
            new(
                "zero input",
                "label is what rounding leaves of the covariance for an input of zeros, of random sign",
                $"{Script}: as it computes the label"
            ),
            new("seldom", $"comodulation, refreshed every {SeldomSteps} steps", Constant.Chosen),
            new("epoch budgets", string.Join(' ', Budgets), Constant.Chosen),
            new(
                "variants",
                string.Join(
                    ", ",
                    Variants.Select(variant =>
                        $"{variant.Name} ({string.Join(' ', variant.Points)} points, {variant.Seeds} seeds)"
                    )
                ),
                Constant.Chosen
            )
            {
                NamesCells = true,
            },
            new(
                "hidden layers that learn digits",
                $"{Digits} canvases with one of {Geometry.Orientations} drawn digits of {DrawnDigits.Side} x "
                    + $"{DrawnDigits.Side} pixels, then {Patterns} single patterns for the readout; "
                    + $"{Text(DigitsShare)} of both learned from; Adam {Text(DigitsRate)}, batches of 32, at most "
                    + $"{DigitsEpochs} and {PatternsEpochs} epochs, the best validation loss counts",
                $"{Script}, which draws digits from MNIST and takes at most 1000 epochs"
            )
            {
                NamesCells = true,
            },
            new("seeds", $"0 to {Seeds - 1}; all weights and readout only: whole groups of 8", Constant.Chosen),
        ];

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
