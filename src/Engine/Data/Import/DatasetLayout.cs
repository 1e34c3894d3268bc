using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Import;

/// <summary>What a source holds, found from its file names and label files before any image is read.</summary>
/// <param name="Kind">What labels mean.</param>
/// <param name="Names">Class or attribute names.</param>
/// <param name="Superclasses">Per class, or null.</param>
/// <param name="Images">In the order of the pack.</param>
internal sealed record DatasetLayout(
    DatasetKind Kind,
    IReadOnlyList<string> Names,
    IReadOnlyList<string>? Superclasses,
    IReadOnlyList<SourceImage> Images
)
{
    /// <exception cref="InputException"><c>dataset-empty</c>, <c>dataset-one-class</c>,
    /// <c>dataset-too-many-classes</c>, <c>dataset-class-too-small</c>, <c>dataset-layout</c>.</exception>
    public void Validate(ImportOptions options)
    {
        if (Images.Count == 0)
            throw Empty();
        if (Kind == DatasetKind.Attributes)
        {
            if (Names.Count > options.MaxAttributes)
                throw new InputException(
                    "dataset-too-many-classes",
                    $"The data set has {Names.Count} attributes; at most {options.MaxAttributes} are possible; "
                        + $"leave some out."
                );
            if (Images.Count(i => i.Split == DatasetSplit.Train) < 2 || Images.All(i => i.Split == DatasetSplit.Train))
                throw new InputException(
                    "dataset-empty",
                    "The data set needs at least two training images and one test image; add some."
                );
            return;
        }
        if (Names.Count < 2)
            throw new InputException(
                "dataset-one-class",
                $"The data set has only the class '{TreePath.Shown(Names[0])}'; a task needs at least two class "
                    + $"folders."
            );
        if (Names.Count > options.MaxClasses)
            throw new InputException(
                "dataset-too-many-classes",
                $"The data set has {Names.Count} classes; at most {options.MaxClasses} are possible; leave some out "
                    + $"or join them."
            );

        var counts = new int[2, Names.Count];
        foreach (var image in Images)
            counts[(int)image.Split, image.Labels[0]]++;
        for (var c = 0; c < Names.Count; c++)
        {
            int train = counts[0, c],
                test = counts[1, c];
            if (train + test < 2)
                throw new InputException(
                    "dataset-class-too-small",
                    $"The class '{TreePath.Shown(Names[c])}' has {train + test} image; every class needs at least two."
                );
            if (train == 0)
                throw new InputException(
                    "dataset-class-too-small",
                    $"The class '{TreePath.Shown(Names[c])}' has no training image; add some under train/."
                );
        }
    }

    public static InputException Empty() =>
        new("dataset-empty", "There are no images in it; pack <class>/<image> or {train,test}/<class>/<image> files.");
}
