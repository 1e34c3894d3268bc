using System.Net;
using ComodCluster.Grains.Workers;

namespace ComodCluster.Grains.Tests.Workers;

public class SiloProcessesTests
{
    private static readonly DateTime Since = new(2026, 11, 27, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("worker-1", SiloStatus.Active, -600, 600, false)] // always there
    [InlineData("worker-1", SiloStatus.Active, 1, 600, true)] // started since
    [InlineData("worker-1", SiloStatus.Dead, -600, 1, true)] // died since, and did not come back
    [InlineData("worker-1", SiloStatus.Dead, -600, -1, false)] // long ago
    [InlineData("worker-0", SiloStatus.Active, 1, 600, false)] // the fallen silo's successor
    public void OthersFell_ByTheEntryOfAnotherSilo(string name, SiloStatus status, int start, int alive, bool expected)
    {
        var fallen = Entry("worker-0", 1, SiloStatus.Dead, -300, 60);

        Assert.Equal(
            expected,
            SiloProcesses.OthersFell(
                [fallen, Entry(name, 2, status, start, alive)],
                [fallen.SiloAddress.ToParsableString()],
                Since
            )
        );
    }

    private static MembershipEntry Entry(string name, int generation, SiloStatus status, int start, int alive) =>
        new()
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, 11111, generation),
            SiloName = name,
            Status = status,
            StartTime = Since.AddSeconds(start),
            IAmAliveTime = Since.AddSeconds(alive),
        };
}
