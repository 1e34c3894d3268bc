using ComodCluster.Engine;
using ComodCluster.Silo.Telemetry;

namespace ComodCluster.Silo.Hosting;

/// <summary>Ends the device thread after the grains that use it. Its instruments live as long.</summary>
public sealed class EngineLifetime(TaskEngine engine, EngineInstruments instruments) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        instruments.Dispose();
        await engine.DisposeAsync();
    }
}
