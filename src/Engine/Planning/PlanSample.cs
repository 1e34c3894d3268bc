using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

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

    public required LossKind Loss { get; init; }

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
        var train =
            task.Loss == LossKind.Attributes
                ? pack.Indices(DatasetSplit.Train)
                : [.. pack.Indices(DatasetSplit.Train).Where(i => Tasks.Targets.ClassOf(task, pack, i) >= 0)];
        var counts =
            task.Loss == LossKind.Attributes
                ?
                [
                    .. task.Labels.Select(l =>
                        Math.Min(train.Count(i => pack.Labels(i)[l] == 1), train.Count(i => pack.Labels(i)[l] == 0))
                    ),
                ]
                : Enumerable
                    .Range(0, task.Outputs)
                    .Select(k => train.Count(i => Tasks.Targets.ClassOf(task, pack, i) == k))
                    .ToArray();
        if (task.Loss == LossKind.Classes && train.Count > 0 && counts.Count(c => c > 0) == 1)
            throw new InputException(
                "task-one-class",
                $"All {train.Count} training images of the task are of the class "
                    + $"'{task.Classes[Array.FindIndex(counts, c => c > 0)]}'; upload images of another one."
            );
        if (train.Count < LeastExamples || counts.Any(c => c < 2))
            throw new InputException(
                "examples-too-few",
                $"The task has {train.Count} training images ({Named(task, counts)}) and a plan needs at least "
                    + $"{LeastExamples}, two for each "
                    + $"{(task.Loss == LossKind.Classes ? "class" : "value of each attribute")}; upload more."
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
            Loss = task.Loss,
            Available = train.Count,
        };

        int[] Strata(IReadOnlyList<int> images) =>
            task.Loss == LossKind.Attributes
                ? new int[images.Count]
                : [.. images.Select(i => Tasks.Targets.ClassOf(task, pack, i))];
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
