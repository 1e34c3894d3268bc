using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace ComodCluster.Client.Commands.Demo.Report;

/// <summary>A ScottPlot figure as SVG within a page: it scales with its box and takes the page's text colour.</summary>
/// <remarks>The page writes the texts: ScottPlot measures and draws them with the system's fonts, and a machine may have none.</remarks>
internal sealed partial class Figure
{
    /// <summary>Drawn where the page's own text colour belongs, so that figures follow light and dark.</summary>
    private const string Ink = "#010203";
    private const int FontSize = 13;

    public Plot Plot { get; } = new();
    public required int Width { get; init; }
    public required int Height { get; init; }

    /// <summary>Pixels left of the axis.</summary>
    public int Left { get; init; } = 56;
    public required AxisLimits Limits { get; init; }
    public required Ticks Bottom { get; init; }
    public required Ticks Side { get; init; }
    public required string BottomTitle { get; init; }
    public string SideTitle { get; init; } = "";

    /// <summary>What it shows, unique in the page.</summary>
    public required string Label { get; init; }

    public string Svg()
    {
        var ink = Color.FromHex(Ink);
        Plot.FigureBackground.Color = Colors.Transparent;
        Plot.DataBackground.Color = Colors.Transparent;
        Plot.Axes.Color(ink.WithAlpha(0.45));
        Plot.Axes.Right.IsVisible = false;
        Plot.Axes.Top.IsVisible = false;
        Plot.Grid.MajorLineColor = ink.WithAlpha(0.1);
        Plot.Layout.Fixed(new PixelPadding(Left, 12, 46, 10));
        Plot.Axes.Bottom.TickGenerator = Unlabelled(Bottom);
        Plot.Axes.Left.TickGenerator = Unlabelled(Side);
        Plot.Axes.SetLimits(Limits);
        Plot.HideLegend();

        var svg = Plot.GetSvgXml(Width, Height);
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];
        // Identifiers of several figures share one page.
        var prefix = "f" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Label)))[..8];
        svg = Identifier().Replace(svg, $"$1{prefix}-$2");
        svg = InkColor().Replace(svg, "currentColor");
        svg = Opening().Replace(svg,
            $"<svg class=\"plot\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Html.Text(Label)}\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">", 1);
        return svg.Replace("</svg>", Texts() + "</svg>", StringComparison.Ordinal);
    }

    private static NumericManual Unlabelled(Ticks ticks) => new([.. ticks.Positions], [.. ticks.Positions.Select(_ => "")]);

    private string Texts()
    {
        var data = Plot.LastRender.DataRect;
        var texts = new StringBuilder();
        foreach (var (position, label) in Bottom.Positions.Zip(Bottom.Labels))
            Text(texts, Plot.GetPixel(new Coordinates(position, Limits.Bottom)).X, data.Bottom + 18, "middle", label);
        foreach (var (position, label) in Side.Positions.Zip(Side.Labels))
            Text(texts, data.Left - 8, Plot.GetPixel(new Coordinates(Limits.Left, position)).Y + FontSize * 0.35f, "end", label);
        Text(texts, (data.Left + data.Right) / 2, Height - 7, "middle", BottomTitle);
        if (SideTitle.Length > 0)
            Text(texts, 0, 0, "middle", SideTitle, Invariant($" transform=\"translate(14 {(data.Top + data.Bottom) / 2:0.#}) rotate(-90)\""));
        return texts.ToString();
    }

    private static void Text(StringBuilder texts, float x, float y, string anchor, string text, string more = "") => texts.Append(CultureInfo.InvariantCulture,
        $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" font-size=\"{FontSize}\"{more}>{Html.Text(text)}</text>");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    [GeneratedRegex("(\\bid=\"|url\\(#|href=\"#)([A-Za-z0-9_]+)")]
    private static partial Regex Identifier();

    [GeneratedRegex("#010203|rgb\\(1, ?2, ?3\\)", RegexOptions.IgnoreCase)]
    private static partial Regex InkColor();

    [GeneratedRegex("<svg[^>]*>")]
    private static partial Regex Opening();
}
