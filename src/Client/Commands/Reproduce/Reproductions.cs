using ComodCluster.Client.Commands.Reproduce.Decoding;
using ComodCluster.Client.Commands.Reproduce.Hierarchy;

namespace ComodCluster.Client.Commands.Reproduce;

/// <summary>A name on the command line.</summary>
/// <param name="Create">The full form, or the quick one: the same work, too little of it to conclude from.</param>
internal sealed record ReproductionName(string Name, string Summary, Func<bool, IReproduction> Create);

/// <summary>Everything that <c>comod reproduce</c> knows; a folder each.</summary>
internal static class Reproductions
{
    public static IReadOnlyList<ReproductionName> All { get; } =
    [
        new("neurips-decoding", "A Poisson population read out by five decoders: who learns from few trials (Haimerl, Savin, Simoncelli, NeurIPS 2019).",
            quick => new DecodingReproduction(quick ? DecodingSettings.Quick : DecodingSettings.Full)),
        new("nature-fig5", "A pre-trained hierarchy learns a local task among distractors from few points (Haimerl and others, Nature Communications 14:7879, 2023, Fig. 5).",
            quick => new HierarchyReproduction(quick ? HierarchySettings.Quick : HierarchySettings.Full)),
    ];

    /// <exception cref="UsageException">There is none of this name.</exception>
    public static ReproductionName Find(string name) => All.FirstOrDefault(known => known.Name == name)
        ?? throw new UsageException($"There is no reproduction '{name}': give one of {string.Join(", ", All.Select(known => known.Name))}.");
}
