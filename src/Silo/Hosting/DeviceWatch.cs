using ComodCluster.Engine;
using ComodCluster.Silo.Telemetry;

namespace ComodCluster.Silo.Hosting;

/// <summary>
/// Ends the process of a worker whose device is lost, its jobs handed over as at any stop: only a new process gets the
/// device back.
/// </summary>
public sealed partial class DeviceWatch(
    TaskEngine engine,
    ProcessEnd end,
    IHostApplicationLifetime lifetime,
    ILogger<DeviceWatch> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogLost(engine.Device, await engine.Lost.WaitAsync(stoppingToken), ProcessEnd.DeviceLost);
        end.ExitCode = ProcessEnd.DeviceLost;
        lifetime.StopApplication();
    }

    [LoggerMessage(
        SiloEvents.DeviceLost,
        LogLevel.Critical,
        "The device {Device} is lost, and the process ends with {ExitCode} once its jobs have moved: {Reason}"
    )]
    private partial void LogLost(string device, string reason, int exitCode);
}
