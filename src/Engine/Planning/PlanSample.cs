using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Statistics;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Planning;

/// <summary>Images that a plan looks at, in their folds.</summary>
internal sealed record PlanSample
{
    private const int FoldCount = 4,
        LeastExamples = 8;

    /// <summary>More outputs need more images than a plan looks at, and readouts that take minutes to fit.</summary>
    private const int MostOutputs = 128;

    public required IReadOnlyList<PackImage> Images { get; init; }

    /// <summary>[n][K]</summary>
    public required IReadOnlyList<float[]> Targets { get; init; }

    /// <summary>Class of each image, to draw stratified; 0 for all where there are attributes.</summary>
    public required int[] Classes { get; init; }

    /// <summary>Places of the images.</summary>
    public required IReadOnlyList<int[]> Folds { get; init; }

    public required ReadoutLoss Loss { get; init; }

    /// <summary>Training images of the task in the data set.</summary>
    public required int Available { get; init; }

    /// <summary>K</summary>
    public int Outputs => Targets[0].Length;

    /// <exception cref="InputException">examples-too-few, task-one-class, plan-too-many-outputs.</exception>
    public static PlanSample Of(PlanWork work)
    {
        var (task, pack, seed) = (work.Task, work.Pack, work.Settings.Seed);
        if (task.Outputs > MostOutputs)
            throw new InputException(
                "plan-too-many-outputs",
                $"The task has {task.Outputs} classes or attributes and a plan covers at most {MostOutputs}; name "
                    + $"fewer."
            );
        int[] train = [.. pack.Indices(DatasetSplit.Train).Where(i => Tasks.Targets.Has(task, pack, i))];
        var counts = Tasks.Targets.Rarest(task, pack, train);
        if (task.ReadoutLoss.OneIsRight && train.Length > 0 && counts.Count(c => c > 0) == 1)
            throw new InputException(
                "task-one-class",
                $"All {train.Length} training images of the task are of the class "
                    + $"'{task.Classes[Array.FindIndex(counts, c => c > 0)]}'; upload images of another one."
            );
        if (train.Length < LeastExamples || counts.Any(c => c < 2))
            throw new InputException(
                "examples-too-few",
                $"The task has {train.Length} training images ({Named(task, counts)}) and a plan needs at least "
                    + $"{LeastExamples}, two for each "
                    + $"{(task.ReadoutLoss.OneIsRight ? "class" : "value of each attribute")}; upload more."
            );
        var strata = Strata(train);
        int[] chosen =
        [
            .. StratifiedSample
                .Of(strata, Math.Min(work.Images, work.Settings.Examples ?? int.MaxValue), seed)
                .Select(i => train[i]),
        ];
        var classes = Strata(chosen);
        return new PlanSample
        {
            Images = [.. chosen.Select(i => new PackImage(pack, i, work.Tenant))],
            Targets = [.. chosen.Select(i => Tasks.Targets.Of(task, pack, i))],
            Classes = classes,
            Folds = Splits.Folds(classes, FoldCount, seed),
            Loss = task.ReadoutLoss,
            Available = train.Length,
        };

        int[] Strata(IReadOnlyList<int> images) => [.. images.Select(i => Tasks.Targets.StratumOf(task, pack, i))];
    }

    /// <summary>The folds with fewer images, each class in its share.</summary>
    public IReadOnlyList<int[]> Thinned(int most, int seed) =>
        [
            .. Folds.Select(fold =>
                StratifiedSample
                    .Of([.. fold.Select(i => Classes[i])], (most + FoldCount - 1) / FoldCount, seed)
                    .Select(i => fold[i])
                    .ToArray()
            ),
        ];

    private static string Named(TaskDefinition task, int[] counts) =>
        string.Join(", ", task.Classes.Zip(counts, (name, count) => $"{count} {name}").Take(6))
        + (counts.Length > 6 ? ", ..." : "");
}
