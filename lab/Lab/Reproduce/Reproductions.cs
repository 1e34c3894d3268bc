using ComodCluster.Cli.Commands;
using ComodCluster.Lab.Reproduce.Decoding;
using ComodCluster.Lab.Reproduce.Hierarchy;
using ComodCluster.Lab.Reproduce.Images;
using ComodCluster.Lab.Reproduce.Photos;

namespace ComodCluster.Lab.Reproduce;

/// <summary>Everything that <c>reproduce</c> knows; a folder each.</summary>
internal static class Reproductions
{
    public static IReadOnlyList<ReproductionName> All { get; } =
    [
        new(
            "neurips-decoding",
            "A Poisson population read out by five decoders: who learns from few trials (Haimerl, Savin, "
                + "Simoncelli, NeurIPS 2019).",
            options => new DecodingReproduction(options.Quick ? DecodingSettings.Quick : DecodingSettings.Full)
        ),
        new(
            "nature-fig5",
            "A pre-trained hierarchy learns a local task among distractors from few points (Haimerl and others, "
                + "Nature Communications 14:7879, 2023, Fig. 5).",
            options => new HierarchyReproduction(options.Quick ? HierarchySettings.Quick : HierarchySettings.Full)
        ),
        new(
            "images-tuning",
            "Every arm with the same number of settings, on tuning tasks: which it takes in 'images'.",
            options => new TuningReproduction(options)
        )
        {
            TakesData = true,
        },
        new(
            "images",
            "All arms on reported image tasks: clutter, attributes, coarse to fine.",
            options => new ImagesReproduction(options)
        )
        {
            TakesData = true,
            TakesSettings = true,
        },
        new(
            "method-study",
            "Forms of comodulation, one factor at a time, and own classes, on tuning tasks.",
            options => new StudyReproduction(options)
        )
        {
            TakesData = true,
            TakesSettings = true,
        },
        new(
            "photos",
            "All arms on new classes in photos of domains that nothing was chosen on.",
            options => new PhotosReproduction(options)
        )
        {
            TakesPhotos = true,
        },
    ];

    /// <exception cref="UsageException">There is none of this name.</exception>
    public static ReproductionName Find(string name) =>
        All.FirstOrDefault(known => known.Name == name)
        ?? throw new UsageException(
            $"There is no reproduction '{name}': give one of {string.Join(", ", All.Select(known => known.Name))}."
        );
}
