using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;

namespace ComodCluster.Lab.Reproduce.Photos;

/// <summary>A method in the comparison on photos.</summary>
/// <param name="Name">Of the method.</param>
/// <param name="ChangesNetwork">Minutes for each adaptation, as no activations are cached: run on few tasks.</param>
internal sealed record PhotoArm(string Name, string Color, bool ChangesNetwork = false)
{
    public const string OldReadout = "readout-penultimate",
        Readout = "readout",
        Gain = "gain",
        Comodulation = "comodulation",
        Full = "full";

    private static readonly PhotoArm[] s_known =
    [
        new(OldReadout, "#b0b8c4"),
        new(Readout, "#8a94a6"),
        new(Gain, "#e08e2b"),
        new("difference", "#9a5fb4"),
        new(Comodulation, "#2f9e8f"),
        new("film", "#4f7fc9", true),
        new("bn-affine", "#c8553d", true),
        new("lora", "#5b8c3a", true),
        new(Full, "#7a5c3e", true),
    ];

    /// <summary>Those whose method the engine has.</summary>
    public static IReadOnlyList<PhotoArm> All { get; } = [.. s_known.Where(arm => arm.Found is not null)];

    /// <summary>Named here, and not in the engine yet.</summary>
    public static IReadOnlyList<string> Missing { get; } =
    [.. s_known.Where(arm => arm.Found is null).Select(arm => arm.Name)];

    public Method Method => Found!.Value;

    private Method? Found =>
        Enum.GetValues<Method>().Cast<Method?>().FirstOrDefault(method => Format.Name(method!.Value) == Name);
}
