using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Import;

/// <summary>How a data set is imported.</summary>
public sealed record ImportOptions
{
    public ArchiveLimits Archive { get; init; } = ArchiveLimits.Default;

    public ImageLimits Image { get; init; } = ImageLimits.Default;

    /// <summary>The layout; null: found out.</summary>
    public SourceLayout? Layout { get; init; }

    /// <summary>Folder of the training part, as its path in the source; null: by its name.</summary>
    public string? TrainFolder { get; init; }

    /// <summary>Folder of the test part, as its path in the source; null: by its name.</summary>
    public string? TestFolder { get; init; }

    /// <summary>Encoding of names and label files that are not Unicode: one of <see cref="TextEncodings.Names"/>;
    /// null: such names are refused.</summary>
    public string? Encoding { get; init; }

    /// <summary>Whether images that cannot be used are left out; else they are refused.</summary>
    public bool SkipUnreadable { get; init; }

    /// <summary>Where the images come from, in words; stored in the manifest.</summary>
    public string Source { get; init; } = "upload";

    /// <summary>Chooses the held-out images where the source has no test part.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Share of each class that is held out where the source has no test part; at least one image, never all.
    /// </summary>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>Refuses what cannot go together, before there is an archive.</summary>
    /// <exception cref="InputException"><c>text-encoding</c>, <c>dataset-layout</c>.</exception>
    public void Check()
    {
        if (Encoding is not null)
            TextEncodings.Find(Encoding);
        if (TrainFolder is null && TestFolder is null)
            return;
        if (TrainFolder is null)
            throw LabelFile.Layout(
                "The folder of the test part is named and that of the training part is not; name both."
            );
        if (Layout is not (null or SourceLayout.Split))
            throw LabelFile.Layout("Folders for train and test go with the layout split only; leave one out.");
        if (TestFolder is not null && (Within(TrainFolder, TestFolder) || Within(TestFolder, TrainFolder)))
            throw LabelFile.Layout("The folders of the training and the test part lie in each other; name two.");

        static bool Within(string folder, string other) =>
            $"{folder.Trim('/')}/".StartsWith($"{other.Trim('/')}/", StringComparison.Ordinal);
    }

    public int MaxClasses { get; init; } = 1_000;

    public int MaxAttributes { get; init; } = 256;
}
