using ComodCluster.Benchmarks.Measuring;

namespace ComodCluster.Benchmarks.Tests.Measuring;

public class PeakMemoryTests
{
    [Fact]
    public void Parse_StatusOfAProcess_BytesOfTheHighWaterMark()
    {
        Assert.Equal(
            123_456L * 1024,
            PeakMemory.Parse(["Name:\tx", "VmPeak:\t  999 kB", "VmHWM:\t  123456 kB", "VmRSS:\t  5 kB"])
        );
        Assert.Null(PeakMemory.Parse(["VmHWM:\t lots"]));
        Assert.Null(PeakMemory.Parse([]));
    }

    [Fact]
    public void Read_AfterTouchingMemory_ContainsIt()
    {
        PeakMemory.Reset();
        var touched = new byte[64 << 20];
        Array.Fill(touched, (byte)1);
        Assert.True(PeakMemory.Read() >= touched.Length);
    }
}
