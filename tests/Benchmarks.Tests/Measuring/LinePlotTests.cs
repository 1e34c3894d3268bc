using System.Globalization;
using System.Xml.Linq;
using ComodCluster.Benchmarks.Measuring;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Benchmarks.Tests.Measuring;

public class LinePlotTests
{
    private static readonly LinePlot Plot = new("Mix <of> tasks", "distinct tasks", "images per second",
        [new("a & b", [(1, new(100, 90, 110)), (10, new(100, 95, 105)), (100, new(50, 40, 60))])]);

    [Fact]
    public void ToSvg_Plot_WellFormedWithTitlesUnitsAndTicks()
    {
        var texts = XDocument.Parse(Plot.ToSvg()).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToArray();
        Assert.Contains("Mix <of> tasks", texts);
        Assert.Contains("a & b", texts);
        Assert.Contains("distinct tasks", texts);
        Assert.Contains("images per second", texts);
        Assert.Contains("0", texts);
        Assert.Contains("125", texts);
        Assert.Equal(["1", "10", "100"], texts.SkipWhile(t => t != "125").Skip(1).Take(3));
    }

    [Fact]
    public void ToSvg_EvenDecadesAndEqualMedians_EvenAndLevel()
    {
        var points = XDocument.Parse(Plot.ToSvg()).Descendants().Single(e => e.Name.LocalName == "polyline").Attribute("points")!.Value.Split(' ')
            .Select(p => p.Split(',').Select(c => double.Parse(c, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        Assert.Equal(points[1][0] - points[0][0], points[2][0] - points[1][0], 0.2);
        Assert.Equal(points[0][1], points[1][1]);
        Assert.True(points[2][1] > points[1][1], "a smaller value lies lower");
    }

    [Fact]
    public void ToSvg_NoPoint_Throws() =>
        Assert.Throws<InvalidOperationException>(() => new LinePlot("", "", "", [new("empty", [])]).ToSvg());

    [Theory]
    [InlineData(0.9, 1)]
    [InlineData(1.2, 2)]
    [InlineData(22, 25)]
    [InlineData(300, 500)]
    [InlineData(0.06, 0.1)]
    [InlineData(0, 1)]
    public void Step_Least_RoundNumberNotBelow(double least, double step) => Assert.Equal(step, LinePlot.Step(least), 1e-12);

    [Fact]
    public void Write_ReportWithPlot_SvgBesideTheCsv()
    {
        using var folder = new TempFolder();
        var report = new Report("mix", "", "x");
        report.Plot(Plot);
        var csv = report.Write(folder.Path, Effort.Full);
        Assert.Equal(Plot.ToSvg(), File.ReadAllText(Path.ChangeExtension(csv, ".svg")));
    }
}
