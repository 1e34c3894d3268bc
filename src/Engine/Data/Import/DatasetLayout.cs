using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Import;

/// <summary>What a source holds, found from its file names and label files before any image is read.</summary>
/// <param name="Kind">What labels mean.</param>
/// <param name="Names">Class or attribute names.</param>
/// <param name="Superclasses">Per class, or null.</param>
/// <param name="Images">In the order of the pack.</param>
/// <param name="Report">What was found, for the user.</param>
internal sealed record DatasetLayout(
    DatasetKind Kind,
    IReadOnlyList<string> Names,
    IReadOnlyList<string>? Superclasses,
    IReadOnlyList<SourceImage> Images,
    SourceReport Report
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
            CheckAttributes(Names.Count, options);
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
                $"The data set has only the class '{Names[0].Shown()}'; a task needs at least two class " + $"folders."
            );
        CheckClasses(Names.Count, options);

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
                    $"The class '{Names[c].Shown()}' has {train + test} image; every class needs at least two."
                );
            if (train == 0)
                throw new InputException(
                    "dataset-class-too-small",
                    $"The class '{Names[c].Shown()}' has no training image; add some under train/."
                );
        }
    }

    /// <exception cref="InputException"><c>dataset-too-many-classes</c></exception>
    public static void CheckClasses(int count, ImportOptions options)
    {
        if (count > options.MaxClasses)
            throw new InputException(
                "dataset-too-many-classes",
                $"The data set has {count} classes; at most {options.MaxClasses} are possible; leave some out or join "
                    + $"them."
            );
    }

    /// <exception cref="InputException"><c>dataset-too-many-classes</c></exception>
    public static void CheckAttributes(int count, ImportOptions options)
    {
        if (count > options.MaxAttributes)
            throw new InputException(
                "dataset-too-many-classes",
                $"The data set has {count} attributes; at most {options.MaxAttributes} are possible; leave some out."
            );
    }

    public static InputException Empty() =>
        new("dataset-empty", "There are no images in it; pack <class>/<image> or {train,test}/<class>/<image> files.");
}
