using ComodCluster.Cli.Commands;
using ComodCluster.Lab.Reproduce.Decoding;
using ComodCluster.Lab.Reproduce.Hierarchy;
using ComodCluster.Lab.Reproduce.Images;

namespace ComodCluster.Lab.Reproduce;

/// <summary>What a reproduction was asked for.</summary>
/// <param name="Quick">The same work, too little of it to conclude from.</param>
/// <param name="Data">A zip of class folders that is there, for those that learn from images; null: the built-in ones.</param>
/// <param name="Settings">What <c>images-tuning</c> found, for those that compare arms; null: what it found for CIFAR-10.</param>
/// <param name="Backbones">Where backbones that are trained on the data are kept; null: nowhere.</param>
internal sealed record ReproductionOptions(bool Quick, FileInfo? Data = null, FileInfo? Settings = null, DirectoryInfo? Backbones = null);

/// <summary>A name on the command line.</summary>
internal sealed record ReproductionName(string Name, string Summary, Func<ReproductionOptions, IReproduction> Create)
{
    /// <summary>Learns from images, so that the user may give others.</summary>
    public bool TakesData { get; init; }

    /// <summary>Compares arms, each with settings of its own.</summary>
    public bool TakesSettings { get; init; }
}

/// <summary>Everything that <c>reproduce</c> knows; a folder each.</summary>
internal static class Reproductions
{
    public static IReadOnlyList<ReproductionName> All { get; } =
    [
        new("neurips-decoding", "A Poisson population read out by five decoders: who learns from few trials (Haimerl, Savin, Simoncelli, NeurIPS 2019).",
            options => new DecodingReproduction(options.Quick ? DecodingSettings.Quick : DecodingSettings.Full)),
        new("nature-fig5", "A pre-trained hierarchy learns a local task among distractors from few points (Haimerl and others, Nature Communications 14:7879, 2023, Fig. 5).",
            options => new HierarchyReproduction(options.Quick ? HierarchySettings.Quick : HierarchySettings.Full)),
        new("images-tuning", "Every arm with the same number of settings, on tuning tasks: which it takes in 'images'.", options => new TuningReproduction(options)) { TakesData = true },
        new("images", "All arms on reported image tasks: clutter, attributes, coarse to fine.", options => new ImagesReproduction(options)) { TakesData = true, TakesSettings = true },
        new("method-study", "Forms of comodulation, one factor at a time, and own classes, on tuning tasks.", options => new StudyReproduction(options)) { TakesData = true, TakesSettings = true },
    ];

    /// <exception cref="UsageException">There is none of this name.</exception>
    public static ReproductionName Find(string name) => All.FirstOrDefault(known => known.Name == name)
        ?? throw new UsageException($"There is no reproduction '{name}': give one of {string.Join(", ", All.Select(known => known.Name))}.");
}
