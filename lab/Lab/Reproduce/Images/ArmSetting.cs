using System.Globalization;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>How an arm is trained.</summary>
/// <param name="Factor">Factor of <see cref="ImageArm.Rate"/>.</param>
internal sealed record ArmSetting(double Factor, int Steps)
{
    /// <summary>Every arm has these to choose from; the first is what the engine had before the tuning.</summary>
    public static IReadOnlyList<ArmSetting> Grid { get; } =
    [new(1, 150), new(0.1, 150), new(0.3, 150), new(3, 50), new(3, 150), new(10, 30), new(10, 150), new(30, 30)];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Factor:0.##} x {Steps}");
}
