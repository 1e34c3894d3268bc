using ComodCluster.Cli.Commands.Plotting;
using ComodCluster.Lab.Plots;

namespace ComodCluster.Lab.Tests.Plots;

public class LinePlotTests
{
    private static readonly LinePlot Plot = new(
        "A title",
        "trials",
        "accuracy",
        0,
        1,
        [
            new("first", "#2f9e8f", [(1, new(0.5, 0.4, 0.6)), (10, new(0.700, 0.6, 0.8))]),
            new("second", "#c8553d", [(1, new(0.4, 0.3, 0.5)), (10, new(0.701, 0.6, 0.8))]),
        ]
    )
    {
        LogX = true,
    };

    [Fact]
    public void StandaloneSvg_Lines_NamesThemAndFollowsLightAndDark()
    {
        var svg = Plot.Figure().StandaloneSvg();
        Assert.Contains("xmlns=\"http://www.w3.org/2000/svg\"", svg);
        Assert.All(
            new[]
            {
                ">A title<",
                ">trials<",
                ">accuracy<",
                ">first<",
                ">second<",
                "prefers-color-scheme:dark",
                "currentColor",
            },
            part => Assert.Contains(part, svg)
        );
        System.Xml.Linq.XDocument.Parse(svg);
    }

    [Fact]
    public void Names_OfLinesThatEndTogether_AreApart()
    {
        var heights = Plot.Figure().Annotations.Select(note => note.Y).Order().ToArray();
        Assert.True(heights[1] - heights[0] >= 0.0499);
    }

    [Fact]
    public void Png_WhereThereIsAFont_IsHalfAsLargeAgain()
    {
        Assert.SkipWhen(PlotFont.Find() is null, "This machine has no font.");
        var png = Plot.Figure().Png(PlotFont.Find()!);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.Equal(760 * 3 / 2, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
    }

    [Fact]
    public void Figure_LogarithmOfZero_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() =>
            (Plot with { Lines = [new("x", "#000000", [(0, new(0, 0, 0))])] }).Figure()
        );
}
