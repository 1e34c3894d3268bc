using ComodCluster.Engine.Data.Images;
using SkiaSharp;

namespace ComodCluster.Engine.Data.Scenes;

/// <summary>Draws one part on a conveyor belt, as a fixed camera of low resolution sees it. Thread-safe.</summary>
public static class PartRenderer
{
    /// <summary>Drawn so many times larger, then shrunk.</summary>
    private const int Oversampling = 4;

    private const int RibsPerSide = 5;

    private static readonly SKPath Ribs = BuildRibs();

    /// <summary>
    /// The picture number <paramref name="counter"/> of the seed: the same arguments give the same pixels on one kind
    /// of machine.
    /// </summary>
    /// <param name="part">What is drawn.</param>
    /// <param name="seed">Seed of the whole set of pictures.</param>
    /// <param name="counter">Which picture.</param>
    /// <param name="size">Side in pixels, at least 8.</param>
    public static RgbImage Draw(PartClass part, ulong seed, ulong counter, int size = 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 8);
        var look = PartLook.Draw(seed, counter);
        var large = size * Oversampling;
        var info = new SKImageInfo(large, large, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var rgba = new byte[info.BytesSize];
        using (var pin = new PinnedBytes(rgba))
        using (var surface = SKSurface.Create(info, pin.Address))
        {
            var canvas = surface.Canvas;
            canvas.Scale(large);
            DrawBelt(canvas, look);
            DrawPart(canvas, look, PartShape.Of(part));
            surface.Flush();
        }
        var image = ImageResize.Resize(SKEncodedOrigin.TopLeft.Upright(rgba, large, large), size, size);
        Expose(image, look, seed, counter);
        return image;
    }

    // Nothing is antialiased and only the body is blended: the oversampling smooths, and Skia is some ten times faster
    // so.
    private static void DrawBelt(SKCanvas canvas, PartLook look)
    {
        canvas.Clear(look.Belt);
        canvas.Save();
        canvas.RotateRadians(look.BeltAngle, 0.5f, 0.5f);
        canvas.Translate(look.BeltPhase / RibsPerSide, 0);
        using var rib = new SKPaint { Color = Shade(look.Belt, 0.78f) };
        canvas.DrawPath(Ribs, rib);
        canvas.Restore();
    }

    private static void DrawPart(SKCanvas canvas, PartLook look, PartShape shape)
    {
        var (lx, ly) = (MathF.Cos(look.LightAngle), MathF.Sin(look.LightAngle));
        for (var step = 2; step >= 1; step--) // half shadow, then full shadow
        {
            using var shadow = new SKPaint { Color = Shade(look.Belt, 0.25f + 0.2f * step) };
            Place(canvas, look, -lx * 0.035f * step, -ly * 0.035f * step);
            canvas.DrawPath(shape.Body, shadow);
            canvas.Restore();
        }

        Place(canvas, look, 0, 0);
        // The light's direction in the part's own frame, in which its paint is defined.
        var angle = look.LightAngle - look.Rotation;
        var lit = new SKPoint(MathF.Cos(angle), MathF.Sin(angle));
        using var gradient = SKShader.CreateLinearGradient(
            lit,
            new SKPoint(-lit.X, -lit.Y),
            [Shade(look.Paint, 1.3f), look.Paint, Shade(look.Paint, 0.62f)],
            [0, 0.5f, 1],
            SKShaderTileMode.Clamp
        );
        using var paint = new SKPaint { Shader = gradient };
        canvas.DrawPath(shape.Body, paint);
        using var edge = new SKPaint { Color = Shade(look.Paint, 0.42f) };
        canvas.DrawPath(shape.Edges, edge);
        canvas.Restore();
    }

    /// <summary>After this the unit circle is the part; undone by <c>Restore</c>.</summary>
    private static void Place(SKCanvas canvas, PartLook look, float dx, float dy)
    {
        canvas.Save();
        canvas.Translate(look.X + dx, look.Y + dy);
        canvas.RotateRadians(look.Rotation);
        canvas.Scale(look.Radius);
    }

    /// <summary>The camera: light, its fall-off across the picture, noise.</summary>
    private static void Expose(RgbImage image, PartLook look, ulong seed, ulong counter)
    {
        var (lx, ly) = (MathF.Cos(look.LightAngle), MathF.Sin(look.LightAngle));
        var n = PartLook.FirstNoiseCounter;
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var along = ((x + 0.5f) / image.Width - 0.5f) * lx + ((y + 0.5f) / image.Height - 0.5f) * ly;
                var light = look.Light * (1 + 0.25f * along);
                foreach (ref var value in image.Pixel(x, y))
                    value = (byte)
                        Math.Clamp(value * light + look.Noise * CounterRandom.Normal(seed, counter, n++) + 0.5, 0, 255);
            }
        }
    }

    private static SKColor Shade(SKColor colour, float factor)
    {
        byte Of(byte value) => (byte)Math.Clamp(value * factor, 0, 255);
        return new(Of(colour.Red), Of(colour.Green), Of(colour.Blue));
    }

    /// <summary>
    /// Bars across the belt, wider than the picture so that they may be turned and shifted by one rib.
    /// </summary>
    private static SKPath BuildRibs()
    {
        using var ribs = new SKPathBuilder();
        for (var i = -2; i <= RibsPerSide + 1; i++)
            ribs.AddRect(
                SKRect.Create((float)i / RibsPerSide, -0.5f, 0.35f / RibsPerSide, 2),
                SKPathDirection.Clockwise
            );
        return ribs.Detach();
    }
}
