using ComodCluster.Grains.Loops;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ComodCluster.Grains.Storage.Disk;

/// <summary>Holds the reserve of a directory that has the catalog, and takes it again once it was given up.</summary>
internal sealed class ReserveLoop(
    DataDirectory directory,
    IOptions<StorageOptions> options,
    SiloLoops loops,
    TimeProvider time,
    ILogger<ReserveLoop> logger
) : SiloLoop("disk-reserve", TimeSpan.FromSeconds(10), loops, time, logger)
{
    protected override Task Round(CancellationToken cancellation)
    {
        if (options.Value.Database is not null)
            End();
        else if (directory.Missing is null)
            directory.Reserve.Keep();
        return Task.CompletedTask;
    }
}
