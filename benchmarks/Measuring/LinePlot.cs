using System.Globalization;
using System.Net;
using System.Text;

namespace ComodCluster.Benchmarks.Measuring;

/// <summary>A line through estimates.</summary>
/// <param name="Points">By x, ascending.</param>
internal sealed record PlotLine(string Name, IReadOnlyList<(double X, Estimate Y)> Points);

/// <summary>Lines with their intervals over a logarithmic x, from y = 0 on, as SVG.</summary>
/// <param name="Title">Above the plot.</param>
/// <param name="XTitle">With its unit.</param>
/// <param name="YTitle">With its unit.</param>
internal sealed record LinePlot(string Title, string XTitle, string YTitle, IReadOnlyList<PlotLine> Lines)
{
    private const int Width = 720, Height = 400, Left = 72, Right = 24, Top = 44, Bottom = 60, Ticks = 5;
    private const double Cap = 4, Radius = 3.5;
    private static readonly string[] Colours = ["#1b6ca8", "#c4501b", "#3a7d44", "#7a4fa3"];

    public string ToSvg()
    {
        var xs = Lines.SelectMany(l => l.Points).Select(p => p.X).Distinct().Order().ToArray();
        if (xs.Length == 0 || xs[0] <= 0) throw new InvalidOperationException("A plot needs points with x above 0.");
        var step = Step(Lines.SelectMany(l => l.Points).Max(p => p.Y.High) / Ticks);
        var top = step * Math.Max(1, Math.Ceiling(Lines.SelectMany(l => l.Points).Max(p => p.Y.High) / step));
        double low = Math.Log(xs[0]), span = Math.Max(Math.Log(xs[^1]) - low, 1e-9);

        var svg = new StringBuilder();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="13" role="img" aria-label="{Text(Title)}">""");
        Add(svg, $"""<rect width="{Width}" height="{Height}" fill="#ffffff"/>""");
        Add(svg, $"""<text x="{Left}" y="22" font-size="15" fill="#222222">{Text(Title)}</text>""");
        for (var tick = 0.0; tick <= top * 1.0001; tick += step)
        {
            Add(svg, $"""<line x1="{Left}" y1="{Y(tick):0.#}" x2="{Width - Right}" y2="{Y(tick):0.#}" stroke="#dddddd"/>""");
            Add(svg, $"""<text x="{Left - 8}" y="{Y(tick) + 4:0.#}" text-anchor="end" fill="#444444">{tick:#,0.####}</text>""");
        }
        foreach (var x in xs) Add(svg, $"""<text x="{X(x):0.#}" y="{Height - Bottom + 20}" text-anchor="middle" fill="#444444">{x:#,0.####}</text>""");
        Add(svg, $"""<line x1="{Left}" y1="{Y(0):0.#}" x2="{Width - Right}" y2="{Y(0):0.#}" stroke="#444444"/>""");
        Add(svg, $"""<text x="{(Left + Width - Right) / 2}" y="{Height - 14}" text-anchor="middle" fill="#222222">{Text(XTitle)}</text>""");
        Add(svg, $"""<text transform="translate(18 {(Top + Height - Bottom) / 2}) rotate(-90)" text-anchor="middle" fill="#222222">{Text(YTitle)}</text>""");
        for (var i = 0; i < Lines.Count; i++)
        {
            var (line, colour) = (Lines[i], Colours[i % Colours.Length]);
            Add(svg, $"""<polyline fill="none" stroke="{colour}" stroke-width="2" points="{string.Join(' ', line.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):0.#},{Y(p.Y.Median):0.#}")))}"/>""");
            foreach (var (x, y) in line.Points)
            {
                Add(svg, $"""<path d="M{X(x) - Cap:0.#} {Y(y.Low):0.#}h{2 * Cap}m{-Cap} 0V{Y(y.High):0.#}m{-Cap} 0h{2 * Cap}" fill="none" stroke="{colour}"/>""");
                Add(svg, $"""<circle cx="{X(x):0.#}" cy="{Y(y.Median):0.#}" r="{Radius}" fill="{colour}"/>""");
            }
            if (line.Points.Count > 0)
                Add(svg, $"""<text x="{Width - Right}" y="{Y(line.Points[^1].Y.High) - 8:0.#}" text-anchor="end" fill="{colour}">{Text(line.Name)}</text>""");
        }
        return svg.Append("</svg>\n").ToString();

        double X(double x) => Left + (Width - Left - Right) * (0.04 + 0.92 * (Math.Log(x) - low) / span);
        double Y(double y) => Height - Bottom - (Height - Bottom - Top) * y / top;
    }

    /// <summary>The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below <paramref name="least"/>.</summary>
    internal static double Step(double least)
    {
        if (!(least > 0)) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return new[] { 1, 2, 2.5, 5, 10 }.Select(m => m * power).First(s => s >= least * 0.999999);
    }

    private static void Add(StringBuilder svg, FormattableString element) => svg.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
