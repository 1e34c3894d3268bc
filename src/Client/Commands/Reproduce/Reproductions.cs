using ComodCluster.Client.Commands.Reproduce.Decoding;

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
    ];

    /// <exception cref="UsageException">There is none of this name.</exception>
    public static ReproductionName Find(string name) => All.FirstOrDefault(known => known.Name == name)
        ?? throw new UsageException($"There is no reproduction '{name}': give one of {string.Join(", ", All.Select(known => known.Name))}.");
}
