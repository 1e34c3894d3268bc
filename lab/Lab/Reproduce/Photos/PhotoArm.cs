using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;

namespace ComodCluster.Lab.Reproduce.Photos;

/// <summary>A method in the comparison on photos.</summary>
/// <param name="ChangesNetwork">Minutes for each adaptation, as no activations are cached: run on few tasks.</param>
internal sealed record PhotoArm(Method Method, string Color, bool ChangesNetwork = false)
{
    public static IReadOnlyList<PhotoArm> All { get; } =
    [
        new(Method.ReadoutPenultimate, "#b0b8c4"),
        new(Method.Readout, "#8a94a6"),
        new(Method.Gain, "#e08e2b"),
        new(Method.Difference, "#9a5fb4"),
        new(Method.Comodulation, "#2f9e8f"),
        new(Method.Film, "#4f7fc9", ChangesNetwork: true),
        new(Method.BnAffine, "#c8553d", ChangesNetwork: true),
        new(Method.Lora, "#5b8c3a", ChangesNetwork: true),
        new(Method.Full, "#7a5c3e", ChangesNetwork: true),
    ];

    public string Name => Format.Name(Method);
}
