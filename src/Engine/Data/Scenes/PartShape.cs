using SkiaSharp;

namespace ComodCluster.Engine.Data.Scenes;

/// <summary>A part in a unit circle, x to the right, y down.</summary>
internal sealed class PartShape
{
    private const float EdgeWidth = 0.07f;

    /// <param name="body">Filled; holes by the even-odd rule.</param>
    /// <param name="grooves">Lines on the body, or null.</param>
    /// <param name="grooveWidth">Stroke width of the grooves.</param>
    private PartShape(SKPath body, SKPath? grooves = null, float grooveWidth = 0.1f)
    {
        Body = body;
        using var rim = Stroked(body, EdgeWidth);
        using var lines = grooves is null ? new SKPath() : Stroked(grooves, grooveWidth, SKStrokeCap.Butt);
        using var all = rim.Op(lines, SKPathOp.Union);
        Edges =
            all?.Op(body, SKPathOp.Intersect) ?? throw new InvalidOperationException("The outline cannot be computed.");
    }

    /// <summary>Painted in the part's colour.</summary>
    public SKPath Body { get; }

    /// <summary>
    /// Painted dark: the rim and the grooves, inside the body. Filled, for clipping while drawing costs much more.
    /// </summary>
    public SKPath Edges { get; }

    private static readonly PartShape[] Shapes = [.. Enum.GetValues<PartClass>().Select(Build)];

    public static PartShape Of(PartClass part) => Shapes[(int)part];

    private static PartShape Build(PartClass part) =>
        part switch
        {
            PartClass.Bearing => Bearing(),
            PartClass.Bolt => Bolt(),
            PartClass.Bracket => Bracket(),
            PartClass.Clip => Clip(),
            PartClass.Gear => Gear(),
            PartClass.Nut => Nut(),
            PartClass.Pin => Pin(),
            PartClass.Screw => Screw(),
            PartClass.Spring => Spring(),
            PartClass.Washer => new(Ring(0.95f, 0.58f)),
            _ => throw new ArgumentOutOfRangeException(nameof(part)),
        };

    /// <summary>Outer and inner ring with a dark race in which eight balls lie.</summary>
    private static PartShape Bearing()
    {
        using var body = new SKPathBuilder { FillType = SKPathFillType.EvenOdd };
        body.AddCircle(0, 0, 0.95f);
        body.AddCircle(0, 0, 0.28f);
        using var race = new SKPathBuilder();
        for (var i = 0; i < 8; i++)
        {
            // Arcs between the balls: what is left bright looks like a ball.
            race.AddArc(new SKRect(-0.62f, -0.62f, 0.62f, 0.62f), i * 45 + 13, 20);
        }
        return new(body.Detach(), race.Detach(), 0.3f);
    }

    /// <summary>From the side: hexagonal head, thick thread.</summary>
    private static PartShape Bolt()
    {
        using var body = new SKPathBuilder();
        body.AddRoundRect(new SKRect(-0.95f, -0.62f, -0.42f, 0.62f), 0.1f, 0.1f);
        body.AddRect(new SKRect(-0.45f, -0.3f, 0.95f, 0.3f));
        using var thread = new SKPathBuilder();
        for (var x = -0.05f; x < 0.95f; x += 0.24f)
            Line(thread, x, -0.32f, x + 0.1f, 0.32f);
        Line(thread, -0.95f, -0.22f, -0.42f, -0.22f);
        Line(thread, -0.95f, 0.22f, -0.42f, 0.22f);
        return new(body.Detach(), thread.Detach(), 0.08f);
    }

    /// <summary>An angle with a hole in each leg.</summary>
    private static PartShape Bracket()
    {
        using var body = new SKPathBuilder { FillType = SKPathFillType.EvenOdd };
        body.AddPoly(
            [
                new(-0.8f, -0.9f),
                new(-0.2f, -0.9f),
                new(-0.2f, 0.25f),
                new(0.9f, 0.25f),
                new(0.9f, 0.85f),
                new(-0.8f, 0.85f),
            ],
            true
        );
        body.AddCircle(-0.5f, -0.5f, 0.17f);
        body.AddCircle(0.5f, 0.55f, 0.17f);
        using var fold = new SKPathBuilder();
        Line(fold, -0.8f, 0.85f, -0.2f, 0.25f);
        return new(body.Detach(), fold.Detach(), 0.07f);
    }

    /// <summary>A retaining ring: open, with an eye at each end.</summary>
    private static PartShape Clip()
    {
        using var arc = new SKPathBuilder();
        arc.AddArc(new SKRect(-0.76f, -0.76f, 0.76f, 0.76f), 40, 280);
        using var body = new SKPathBuilder();
        body.AddPath(Stroked(arc.Detach(), 0.3f));
        body.AddCircle(0.62f, 0.5f, 0.28f);
        body.AddCircle(0.62f, -0.5f, 0.28f);
        using var overlapping = body.Detach();
        using var eyes = new SKPathBuilder();
        eyes.AddCircle(0.62f, 0.5f, 0.06f);
        eyes.AddCircle(0.62f, -0.5f, 0.06f);
        return new(Simple(overlapping), eyes.Detach(), 0.12f);
    }

    private static PartShape Gear()
    {
        const int teeth = 8;
        using var body = new SKPathBuilder { FillType = SKPathFillType.EvenOdd };
        var rim = new SKPoint[teeth * 4];
        for (var i = 0; i < teeth; i++)
        {
            var angle = i * MathF.Tau / teeth;
            rim[i * 4] = Polar(0.66f, angle - 0.26f);
            rim[i * 4 + 1] = Polar(1f, angle - 0.15f);
            rim[i * 4 + 2] = Polar(1f, angle + 0.15f);
            rim[i * 4 + 3] = Polar(0.66f, angle + 0.26f);
        }
        body.AddPoly(rim, true);
        body.AddCircle(0, 0, 0.24f);
        return new(body.Detach());
    }

    private static PartShape Nut()
    {
        using var body = new SKPathBuilder { FillType = SKPathFillType.EvenOdd };
        body.AddPoly([.. Enumerable.Range(0, 6).Select(i => Polar(0.98f, i * MathF.Tau / 6))], true);
        body.AddCircle(0, 0, 0.42f);
        using var chamfer = new SKPathBuilder();
        chamfer.AddCircle(0, 0, 0.74f);
        return new(body.Detach(), chamfer.Detach(), 0.06f);
    }

    /// <summary>A split pin: an eye and two legs.</summary>
    private static PartShape Pin()
    {
        using var wire = new SKPathBuilder();
        wire.MoveTo(0.95f, -0.2f);
        wire.LineTo(-0.1f, -0.11f);
        wire.CubicTo(-0.35f, -0.5f, -0.85f, -0.5f, -0.85f, 0);
        wire.CubicTo(-0.85f, 0.5f, -0.35f, 0.5f, -0.1f, 0.11f);
        wire.LineTo(0.8f, 0.2f);
        return new(Stroked(wire.Detach(), 0.2f));
    }

    /// <summary>From the side: wide flat head, a thread that ends in a point.</summary>
    private static PartShape Screw()
    {
        using var body = new SKPathBuilder();
        body.AddPoly(
            [
                new(-0.95f, -0.6f),
                new(-0.82f, -0.6f),
                new(-0.5f, -0.17f),
                new(0.55f, -0.17f),
                new(1f, 0),
                new(0.55f, 0.17f),
                new(-0.5f, 0.17f),
                new(-0.82f, 0.6f),
                new(-0.95f, 0.6f),
            ],
            true
        );
        using var thread = new SKPathBuilder();
        for (var x = -0.3f; x < 0.7f; x += 0.2f)
            Line(thread, x, -0.2f, x + 0.12f, 0.2f);
        return new(body.Detach(), thread.Detach(), 0.07f);
    }

    private static PartShape Spring()
    {
        using var wire = new SKPathBuilder();
        wire.MoveTo(-0.95f, 0.5f);
        for (var i = 0; i < 6; i++)
            wire.LineTo(-0.78f + i * 0.31f, i % 2 == 0 ? -0.5f : 0.5f);
        wire.LineTo(0.95f, -0.5f);
        return new(Stroked(wire.Detach(), 0.17f));
    }

    private static SKPath Ring(float outer, float inner)
    {
        using var ring = new SKPathBuilder { FillType = SKPathFillType.EvenOdd };
        ring.AddCircle(0, 0, outer);
        ring.AddCircle(0, 0, inner);
        return ring.Detach();
    }

    private static SKPath Stroked(SKPath line, float width, SKStrokeCap cap = SKStrokeCap.Round)
    {
        using var paint = new SKPaint
        {
            Style = SKPaintStyle.Stroke,
            StrokeWidth = width,
            StrokeCap = cap,
            StrokeJoin = SKStrokeJoin.Round,
        };
        using (
            var outline =
                paint.GetFillPath(line, SKMatrix.CreateScale(100, 100))
                ?? throw new InvalidOperationException("The line has no area.")
        )
            return Simple(outline);
    }

    /// <summary>Without inner edges where parts of the outline overlap: they would be drawn.</summary>
    private static SKPath Simple(SKPath path) =>
        path.Simplify() ?? throw new InvalidOperationException("The outline cannot be simplified.");

    private static SKPoint Polar(float radius, float angle) =>
        new(radius * MathF.Cos(angle), radius * MathF.Sin(angle));

    private static void Line(SKPathBuilder path, float x0, float y0, float x1, float y1)
    {
        path.MoveTo(x0, y0);
        path.LineTo(x1, y1);
    }
}
