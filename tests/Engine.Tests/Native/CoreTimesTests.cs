using ComodCluster.Engine.Native;

namespace ComodCluster.Engine.Tests.Native;

public class CoreTimesTests
{
    [Fact]
    public void Parse_SumOfAllCores_IdleAndBusySeconds()
    {
        string[] lines =
        [
            "cpu  1000 200 300 4000 500 10 20 70 900 80",
            "cpu0 500 100 150 2000 250 5 10 35 450 40",
            "cpu1 500 100 150 2000 250 5 10 35 450 40",
            "intr 17 0 0",
            "cpus are not cores after this",
        ];

        Assert.Equal(new CoreTimes(2, 45, 16, 3), CoreTimes.Parse(lines, 3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("intr 17")]
    [InlineData("cpu  1 2 3 4 5 6 7 8 9 10")] // no core of its own
    [InlineData("cpu  1 2 3 4\ncpu0 1 2 3 4")]
    public void Parse_AnotherFile_Unknown(string text) => Assert.Null(CoreTimes.Parse(text.Split('\n'), 3));

    [Fact]
    public void FreeSince_OwnAndIdleCores_AreFree() =>
        Assert.Equal(2.5, new CoreTimes(4, 11, 25, 14).FreeSince(new CoreTimes(4, 10, 22, 12.5)));

    [Fact]
    public void Read_ThisMachine_TimesGrow()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not say it so.");

        var first = CoreTimes.Read()!.Value;
        var second = CoreTimes.Read()!.Value;

        Assert.InRange(first.Cores, 1, int.MaxValue);
        Assert.True(first.Busy > 0 && first.Own > 0);
        Assert.True(second.Busy >= first.Busy && second.Own >= first.Own);
    }
}
