using System.Diagnostics;
using ComodCluster.Silo.Configuration;

namespace ComodCluster.Silo.Hosting;

/// <summary>Stops the silo when the process that started it ends, however it ends.</summary>
public sealed class ParentWatch(SiloOptions options, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.ParentProcess is not { } id)
            return;
        try
        {
            using var parent = Process.GetProcessById(id);
            await parent.WaitForExitAsync(stoppingToken);
        }
        catch (ArgumentException)
        {
            // The parent ended before this line.
        }
        lifetime.StopApplication();
    }
}
