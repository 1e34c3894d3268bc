using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace ComodCluster.Cli.Commands.Plotting;

/// <summary>
/// A ScottPlot figure: as SVG within a page, where it scales with its box and takes the page's text colour, or as files
/// of its own.
/// </summary>
/// <remarks>SVG carries its texts as text: ScottPlot measures and draws them with the system's fonts, and a machine may
/// have none. PNG needs a font.</remarks>
internal sealed partial class Figure
{
    /// <summary>Drawn where the page's own text colour belongs, so that figures follow light and dark.</summary>
    private const string Ink = "#010203";
    private const int FontSize = 13;
    private const int NoteGap = 8;
    private const float HalfHeight = FontSize * 0.35f;
    private const string Dark = "#22262b";

    public Plot Plot { get; } = new();
    public required int Width { get; init; }
    public required int Height { get; init; }

    /// <summary>Pixels left of the axis.</summary>
    public int Left { get; init; } = 56;

    /// <summary>Pixels right of the data.</summary>
    public int Right { get; init; } = 12;

    /// <summary>Pixels above the data.</summary>
    public int Top { get; init; } = 10;
    public required AxisLimits Limits { get; init; }
    public required Ticks Bottom { get; init; }
    public required Ticks Side { get; init; }
    public required string BottomTitle { get; init; }
    public string SideTitle { get; init; } = "";

    /// <summary>Above the data; needs room at the top.</summary>
    public string Title { get; init; } = "";

    /// <summary>Texts right of points of the data.</summary>
    public IReadOnlyList<Annotation> Annotations { get; init; } = [];

    /// <summary>What it shows, unique in the page.</summary>
    public required string Label { get; init; }

    /// <summary>For a page: the style of the page says how wide it is and which colour its text has.</summary>
    public string Svg() => Render("class=\"plot\"", "");

    /// <summary>A file of its own: dark on light, or light on dark where the viewer prefers that.</summary>
    public string StandaloneSvg() =>
        Render(
            $"xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" font-family=\"sans-serif\"",
            $"<style>svg{{color:{Dark};background:#ffffff}}"
                + "@media(prefers-color-scheme:dark){svg{color:#d7dce2;background:#14171a}}</style>"
        ) + "\n";

    /// <summary>Dark on light.</summary>
    /// <param name="scale">Pixels of the file for each of the figure.</param>
    public byte[] Png(SKTypeface typeface, float scale = 1.5f)
    {
        using var surface = SKSurface.Create(new SKImageInfo((int)(Width * scale), (int)(Height * scale)));
        surface.Canvas.Scale(scale);
        Style(Color.FromHex(Dark), Colors.White);
        Plot.Render(surface.Canvas, Width, Height);
        using var font = new SKFont(typeface, FontSize);
        foreach (var text in Texts())
        {
            using var paint = new SKPaint { Color = SKColor.Parse(text.Color ?? Dark), IsAntialias = true };
            surface.Canvas.Save();
            surface.Canvas.Translate(text.X, text.Y);
            if (text.IsUpright)
                surface.Canvas.RotateDegrees(-90);
            surface.Canvas.DrawText(
                text.Content,
                0,
                0,
                text.Anchor switch
                {
                    Anchor.Start => SKTextAlign.Left,
                    Anchor.Middle => SKTextAlign.Center,
                    _ => SKTextAlign.Right,
                },
                font,
                paint
            );
            surface.Canvas.Restore();
        }
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private void Style(Color ink, Color background)
    {
        Plot.FigureBackground.Color = background;
        Plot.DataBackground.Color = Colors.Transparent;
        Plot.Axes.Color(ink.WithAlpha(background == Colors.Transparent ? 0.45 : 1));
        Plot.Axes.Right.IsVisible = false;
        Plot.Axes.Top.IsVisible = false;
        Plot.Grid.MajorLineColor = ink.WithAlpha(0.1);
        Plot.Layout.Fixed(new PixelPadding(Left, Right, 46, Top));
        Plot.Axes.Bottom.TickGenerator = Unlabelled(Bottom);
        Plot.Axes.Left.TickGenerator = Unlabelled(Side);
        Plot.Axes.SetLimits(Limits);
        Plot.HideLegend();
    }

    private string Render(string attributes, string style)
    {
        var ink = Color.FromHex(Ink);
        Style(ink, Colors.Transparent);

        var svg = Plot.GetSvgXml(Width, Height);
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];
        // Identifiers of several figures share one page.
        var prefix = "f" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Label)))[..8];
        svg = Identifier().Replace(svg, $"$1{prefix}-$2");
        svg = InkColor().Replace(svg, "currentColor");
        svg = Opening()
            .Replace(
                svg,
                $"<svg {attributes} viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Html.Text(Label)}\" "
                    + $"xmlns:xlink=\"http://www.w3.org/1999/xlink\">{style}",
                1
            );
        return svg.Replace("</svg>", string.Concat(Texts().Select(Element)) + "</svg>", StringComparison.Ordinal);
    }

    private static NumericManual Unlabelled(Ticks ticks) =>
        new([.. ticks.Positions], [.. ticks.Positions.Select(_ => "")]);

    /// <summary>All texts, at their places once the plot is rendered.</summary>
    private IEnumerable<FigureText> Texts()
    {
        var data = Plot.LastRender.DataRect;
        foreach (var (position, label) in Bottom.Positions.Zip(Bottom.Labels))
            yield return new(
                Plot.GetPixel(new Coordinates(position, Limits.Bottom)).X,
                data.Bottom + 18,
                Anchor.Middle,
                label
            );
        foreach (var (position, label) in Side.Positions.Zip(Side.Labels))
            yield return new(
                data.Left - 8,
                Plot.GetPixel(new Coordinates(Limits.Left, position)).Y + HalfHeight,
                Anchor.End,
                label
            );
        yield return new((data.Left + data.Right) / 2, Height - 7, Anchor.Middle, BottomTitle);
        if (SideTitle.Length > 0)
            yield return new(14, (data.Top + data.Bottom) / 2, Anchor.Middle, SideTitle) { IsUpright = true };
        if (Title.Length > 0)
            yield return new((data.Left + data.Right) / 2, data.Top - 12, Anchor.Middle, Title);
        foreach (var note in Annotations)
        {
            var at = Plot.GetPixel(new Coordinates(note.X, note.Y));
            yield return new(at.X + NoteGap, at.Y + HalfHeight, Anchor.Start, note.Text) { Color = note.Color };
        }
    }

    private static string Element(FigureText text)
    {
        var place = text.IsUpright
            ? $"transform=\"translate({text.X:0.#} {text.Y:0.#}) rotate(-90)\""
            : $"x=\"{text.X:0.#}\" y=\"{text.Y:0.#}\"";
        return $"<text {place} text-anchor=\"{text.Anchor.ToString().ToLowerInvariant()}\" font-size=\"{FontSize}\" "
            + $"fill=\"{text.Color ?? "currentColor"}\">{Html.Text(text.Content)}</text>";
    }

    private enum Anchor
    {
        Start,
        Middle,
        End,
    }

    /// <summary>A text on its baseline.</summary>
    private sealed record FigureText(float X, float Y, Anchor Anchor, string Content)
    {
        /// <summary>Null: that of the figure.</summary>
        public string? Color { get; init; }

        /// <summary>Written from below to above.</summary>
        public bool IsUpright { get; init; }
    }

    [GeneratedRegex("(\\bid=\"|url\\(#|href=\"#)([A-Za-z0-9_]+)")]
    private static partial Regex Identifier();

    [GeneratedRegex("#010203|rgb\\(1, ?2, ?3\\)", RegexOptions.IgnoreCase)]
    private static partial Regex InkColor();

    [GeneratedRegex("<svg[^>]*>")]
    private static partial Regex Opening();
}
