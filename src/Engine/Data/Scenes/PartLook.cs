using SkiaSharp;

namespace ComodCluster.Engine.Data.Scenes;

/// <summary>How one part lies on the belt and how it is lit; drawn from a seed.</summary>
/// <param name="Radius">Radius of the part, as a share of the picture's side.</param>
/// <param name="X">Centre, as a share of the side.</param>
/// <param name="Y">Centre, as a share of the side.</param>
/// <param name="Rotation">Radians.</param>
/// <param name="Paint">The part's colour.</param>
/// <param name="Belt">The belt's colour.</param>
/// <param name="BeltAngle">Direction of the belt's ribs, radians.</param>
/// <param name="BeltPhase">Shift of the ribs, 0 to 1.</param>
/// <param name="LightAngle">Where the light comes from, radians.</param>
/// <param name="Light">Brightness of everything, around 1.</param>
/// <param name="Noise">Standard deviation of the camera's noise, in 1/255.</param>
internal sealed record PartLook(
    float Radius,
    float X,
    float Y,
    float Rotation,
    SKColor Paint,
    SKColor Belt,
    float BeltAngle,
    float BeltPhase,
    float LightAngle,
    float Light,
    float Noise
)
{
    // Zinc, brass, copper, black oxide, and the coatings red, blue, green, yellow: hue in degrees, saturation and value
    // in percent.
    private static readonly (float Hue, float Saturation, float Value)[] Finishes =
    [
        (210, 6, 78),
        (46, 45, 75),
        (20, 55, 70),
        (220, 12, 14),
        (4, 65, 65),
        (215, 65, 65),
        (140, 50, 52),
        (52, 75, 85),
    ];

    private static readonly (float Hue, float Saturation, float Value)[] Belts =
    [
        (150, 15, 40),
        (210, 8, 52),
        (30, 14, 46),
        (0, 0, 36),
    ];

    public static PartLook Draw(ulong seed, ulong counter)
    {
        ulong n = 0;
        float Between(double from, double to) =>
            (float)(from + (to - from) * CounterRandom.Uniform(seed, counter, n++));
        SKColor Near((float Hue, float Saturation, float Value) c) =>
            SKColor.FromHsv(
                (c.Hue + Between(-12, 12) + 360) % 360,
                Math.Clamp(c.Saturation + Between(-8, 8), 0, 100),
                Math.Clamp(c.Value + Between(-10, 10), 0, 100)
            );

        return new(
            Radius: Between(0.32, 0.47),
            X: 0.5f + Between(-0.06, 0.06),
            Y: 0.5f + Between(-0.06, 0.06),
            Rotation: Between(0, Math.Tau),
            Paint: Near(Finishes[(int)Between(0, Finishes.Length)]),
            Belt: Near(Belts[(int)Between(0, Belts.Length)]),
            BeltAngle: Between(-0.15, 0.15),
            BeltPhase: Between(0, 1),
            LightAngle: Between(0, Math.Tau),
            Light: Between(0.75, 1.2),
            Noise: Between(3, 9)
        );
    }

    /// <summary>Counters from here on are free for the noise of the same picture.</summary>
    public const ulong FirstNoiseCounter = 64;
}
