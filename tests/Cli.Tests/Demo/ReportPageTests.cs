using ComodCluster.Cli.Commands.Demo.Report;

namespace ComodCluster.Cli.Tests.Demo;

public class ReportPageTests
{
    private static readonly Lazy<string> s_page = new(() =>
    {
        var adapted = DemoSample.Adapted();
        return ReportPage.Render(DemoSample.Result(adapted), adapted, DemoSample.Batches);
    });

    [Fact]
    public void Render_Always_RefersToNoOtherFile()
    {
        Assert.DoesNotContain("src=\"", s_page.Value);
        Assert.DoesNotContain("url(http", s_page.Value);
        Assert.DoesNotContain("<link", s_page.Value);
        Assert.DoesNotContain("<script", s_page.Value);
    }

    [Fact]
    public void Render_EightTasks_ShowsCurvesMapsAndGainsOfEach()
    {
        foreach (var task in DemoSample.Tasks)
        {
            var title = System.Net.WebUtility.HtmlEncode(task.Title);
            Assert.Contains($"aria-label=\"Learning curves of {title} (", s_page.Value);
            Assert.Contains($"aria-label=\"Coupling map of {title}\"", s_page.Value);
            Assert.Contains($"aria-label=\"Decoder gains of {title} (", s_page.Value);
        }
        Assert.Contains("href=\"data:image/png;base64,", s_page.Value);
    }

    [Fact]
    public void Render_AllMeasures_AreMeansByMethodAndADashWhereNothingWasMeasured()
    {
        var row = System
            .Text.RegularExpressions.Regex.Match(s_page.Value, "<tr><th>deterministic gain</th>.*layer2</td></tr>")
            .Value;
        Assert.Contains("<td>0.012</td>", row);
        Assert.Contains("<td>–</td>", row);
        Assert.Contains("<td>4,321</td>", row);
    }

    [Fact]
    public void Render_ClassWithMarkup_IsEncoded() => Assert.DoesNotContain("<M8>", s_page.Value);

    [Fact]
    public void Render_Always_NamesCommandMachineAndDate()
    {
        Assert.Contains("comod demo --seeds 2", s_page.Value);
        Assert.Contains("a machine, 2 cores", s_page.Value);
        Assert.Contains("2026-11-23", s_page.Value);
    }

    [Fact]
    public void Render_SeveralFigures_HaveIdentifiersOfTheirOwn()
    {
        var ids = System
            .Text.RegularExpressions.Regex.Matches(s_page.Value, " id=\"([^\"]+)\"")
            .Select(match => match.Groups[1].Value)
            .ToArray();
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Render_Figures_TakeTheTextColourOfThePage()
    {
        Assert.Contains("currentColor", s_page.Value);
        Assert.DoesNotContain("rgb(1,2,3)", s_page.Value);
    }
}
