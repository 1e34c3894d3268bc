using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Infrastructure.Statistics;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Benchmarks.Tests.Measuring;

public class ReportTests
{
    [Fact]
    public void Write_Report_HeadRowsAndResultLine()
    {
        using var folder = new TempFolder();
        var report = new Report("forward", "libtorch 2", "contestant", "seconds");
        report.Row("ours", 0.5);
        report.Key("speed", new Estimate(2, 1.5, 2.25));
        Assert.Equal("RESULT speed=2 speed_low=1.5 speed_high=2.25", report.ResultLine);

        var file = report.Write(folder.Path, Effort.Quick);
        var lines = File.ReadAllLines(file);
        Assert.EndsWith("-quick.csv", file);
        Assert.Contains("--quick", lines[2]);
        Assert.Equal($"# {report.ResultLine}", lines[3]);
        Assert.Equal(["contestant,seconds", "ours,0.5"], lines[4..]);
        Assert.Throws<ArgumentException>(() => report.Row("ours"));
    }

    [Fact]
    public void Speedup_PeerTakesTwiceAsLong_Two()
    {
        var rounds = Rounds.Run(Effort.Quick, new("ours", () => 0.5), new("peer", () => 1));
        Assert.Equal(new Estimate(2, 2, 2), rounds.Speedup("ours", over: "peer"));
    }
}
