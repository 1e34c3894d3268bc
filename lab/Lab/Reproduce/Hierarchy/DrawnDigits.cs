using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>
/// Digits of a few strokes, each drawn anew: moved, turned, sheared, stretched, of another thickness.
/// </summary>
/// <remarks>The authors' hidden layers learn handwritten digits; these need no download.</remarks>
internal static class DrawnDigits
{
    /// <summary>Pixels along each side.</summary>
    public const int Side = 14;

    /// <summary>Corners of each stroke: x from -1 to 1, y from -1.6 at the top to 1.6.</summary>
    private static readonly (double X, double Y)[][][] Strokes =
    [
        [
            [
                (-0.5, -1.6),
                (0.5, -1.6),
                (1, -0.8),
                (1, 0.8),
                (0.5, 1.6),
                (-0.5, 1.6),
                (-1, 0.8),
                (-1, -0.8),
                (-0.5, -1.6),
            ],
        ],
        [
            [(-0.4, -1), (0.1, -1.6), (0.1, 1.6)],
        ],
        [
            [(-1, -1), (-0.5, -1.6), (0.5, -1.6), (1, -1), (1, -0.5), (-1, 1.6), (1, 1.6)],
        ],
        [
            [(-1, -1.3), (-0.4, -1.6), (0.5, -1.6), (0.9, -1), (0.5, -0.2), (-0.2, 0)],
            [(0.5, -0.2), (1, 0.6), (0.5, 1.6), (-0.4, 1.6), (-1, 1.2)],
        ],
        [
            [(0.2, -1.6), (-1, 0.5), (1, 0.5)],
            [(0.5, -0.4), (0.5, 1.6)],
        ],
        [
            [(1, -1.6), (-0.8, -1.6), (-0.9, -0.2), (0.3, -0.4), (1, 0.4), (0.6, 1.4), (-0.3, 1.6), (-1, 1.3)],
        ],
        [
            [
                (0.6, -1.6),
                (-0.5, -0.8),
                (-1, 0.5),
                (-0.5, 1.6),
                (0.5, 1.6),
                (1, 0.9),
                (0.5, 0.1),
                (-0.4, 0.2),
                (-0.9, 0.8),
            ],
        ],
        [
            [(-1, -1.6), (1, -1.6), (0, 1.6)],
        ],
        [
            [
                (0, 0),
                (-0.8, -0.6),
                (-0.6, -1.4),
                (0, -1.6),
                (0.6, -1.4),
                (0.8, -0.6),
                (0, 0),
                (-0.9, 0.7),
                (-0.6, 1.5),
                (0, 1.6),
                (0.6, 1.5),
                (0.9, 0.7),
                (0, 0),
            ],
        ],
        [
            [
                (0.9, -0.8),
                (0.4, -0.2),
                (-0.5, -0.2),
                (-1, -0.9),
                (-0.5, -1.6),
                (0.5, -1.6),
                (0.9, -0.8),
                (0.8, 0.4),
                (0.4, 1.6),
            ],
        ],
    ];

    /// <param name="digit">0 to 9.</param>
    /// <returns>[y * side + x], from 0 to 1.</returns>
    public static float[] Draw(int digit, RandomStream random)
    {
        double turn = 0.2 * random.Normal(),
            shear = 0.2 * random.Normal(),
            thickness = 0.6 + 0.5 * random.Uniform();
        double width = 2.4 + 0.8 * random.Uniform(),
            height = 2.6 + 0.5 * random.Uniform(),
            left = random.Normal() * 0.7,
            top = random.Normal() * 0.7;
        var strokes = Strokes[digit]
            .Select(stroke =>
                stroke
                    .Select(corner =>
                    {
                        var (x, y) = (
                            width * (corner.X + 0.1 * random.Normal()),
                            height * (corner.Y + 0.1 * random.Normal())
                        );
                        x -= shear * y;
                        return (
                            X: Side / 2.0 + left + x * Math.Cos(turn) - y * Math.Sin(turn),
                            Y: Side / 2.0 + top + x * Math.Sin(turn) + y * Math.Cos(turn)
                        );
                    })
                    .ToArray()
            )
            .ToArray();
        var pixels = new float[Side * Side];
        for (var y = 0; y < Side; y++)
        for (var x = 0; x < Side; x++)
        {
            var distance = strokes.Min(stroke =>
                stroke.Zip(stroke.Skip(1)).Min(line => Distance(x + 0.5, y + 0.5, line.First, line.Second))
            );
            pixels[y * Side + x] = (float)Math.Clamp(thickness + 0.5 - distance, 0, 1);
        }
        return pixels;
    }

    /// <summary>Distance of a point from the line between two others.</summary>
    private static double Distance(double x, double y, (double X, double Y) from, (double X, double Y) to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var along = Math.Clamp(((x - from.X) * dx + (y - from.Y) * dy) / (dx * dx + dy * dy + 1e-12), 0, 1);
        return Math.Sqrt(Math.Pow(x - from.X - along * dx, 2) + Math.Pow(y - from.Y - along * dy, 2));
    }
}
