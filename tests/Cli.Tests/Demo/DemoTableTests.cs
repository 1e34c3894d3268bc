using ComodCluster.Cli.Commands.Demo;
using ComodCluster.Cli.Tests.Commands;

namespace ComodCluster.Cli.Tests.Demo;

public class DemoTableTests
{
    [Fact]
    public void Of_TheDemosTasks_HasALineForEachIn80Columns()
    {
        var output = new StringWriter();
        var console = SilentTerminal.Plain(output);
        console.Profile.Width = 80;
        console.Write(DemoTable.Of(DemoSample.Tasks, DemoAdaptation.Rows(DemoSample.Adapted())));

        var lines = output.ToString().TrimEnd().Split('\n');
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 1, 80));
        // Two lines of titles and one of means.
        Assert.Equal(DemoSample.Tasks.Count + 3, lines.Length);
    }
}
