using ComodCluster.Engine.Native;

namespace ComodCluster.Engine.Tests.Native;

public class CrowdWatchTests
{
    /// <summary>Each look: cores of two that others took, and after it whether threads sleep at once.</summary>
    [Theory]
    [InlineData("0:- 0.3:- 0:-")]
    [InlineData("1:+ 1:+ 0.4:+")] // one neighbour, however little the silo leaves it
    [InlineData("0.4:+ 0:+ 0:+ 0:+ 0:+ 0:- 0:-")] // back after five quiet looks
    [InlineData("1:+ 0:+ 0:+ 0:+ 0:+ 1:+ 0:+ 0:+ 0:+ 0:+ 0:-")] // five in a row
    [InlineData("?:- 1:+ ?:+ 0:+ 0:+ ?:+ 0:+ 0:+ 0:-")] // an unknown look changes nothing
    [InlineData("0:- 0:- 0:- 0:- 0:- 0:- 1:+ 0:+ 0:+ 0:+ 0:+ 0:-")]
    public void Look_OthersTakeCores_ThreadsSleepAtOnceUntilTheyHaveGone(string looks)
    {
        var now = new CoreTimes(2, 0, 0, 0);
        CoreTimes? read = null;
        var crowded = false;
        using var watch = new CrowdWatch(
            2,
            now,
            () => read,
            () =>
            {
                Assert.False(crowded);
                crowded = true;
                return new Ending(() => crowded = false);
            }
        );

        foreach (var look in looks.Split(' ').Select(l => l.Split(':')))
        {
            if (look[0] != "?")
            {
                var others = double.Parse(look[0], System.Globalization.CultureInfo.InvariantCulture);
                now = new CoreTimes(2, now.Idle + 0.5, now.Busy + 1.5, now.Own + 1.5 - others);
            }
            read = look[0] == "?" ? null : now;
            watch.Look();
            Assert.Equal(look[1] == "+", crowded);
        }
    }

    [Theory]
    [InlineData(2, 2, 1, true)]
    [InlineData(2, 1, 1, false)] // the other core is enough for one thread
    [InlineData(64, 2, 40, false)] // a quota of two
    [InlineData(64, 2, 63, true)]
    [InlineData(16, 16, 1, false)]
    [InlineData(16, 16, 3, true)]
    public void Look_CoresAndThreads_CrowdedWhereThreadsLackCores(int cores, int threads, double others, bool crowded)
    {
        var asked = false;
        using var watch = new CrowdWatch(
            threads,
            new CoreTimes(cores, 0, 0, 0),
            () => new CoreTimes(cores, cores - others, others, 0),
            () =>
            {
                asked = true;
                return new Ending(() => { });
            }
        );

        watch.Look();

        Assert.Equal(crowded, asked);
    }

    [Fact]
    public void Dispose_WhileCrowded_EndsIt()
    {
        var ends = 0;
        var watch = new CrowdWatch(
            2,
            new CoreTimes(2, 0, 0, 0),
            () => new CoreTimes(2, 0, 2, 0),
            () => new Ending(() => ends++)
        );
        watch.Look();

        watch.Dispose();
        watch.Look();

        Assert.Equal(1, ends);
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
