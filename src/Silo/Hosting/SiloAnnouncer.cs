using ComodCluster.Engine;
using ComodCluster.Silo.Api.Probes;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Telemetry;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace ComodCluster.Silo.Hosting;

/// <summary>
/// Says where the silo answers: a file as soon as it listens, a line on standard output once it is ready.
/// </summary>
public sealed partial class SiloAnnouncer(
    SiloOptions options,
    Readiness readiness,
    IServiceProvider services,
    IServer server,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<SiloAnnouncer> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200),
        Usual = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        var url = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        try
        {
            new SiloAddressFile(url, Environment.ProcessId).Write(options.Storage);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogUnwritable(SiloAddressFile.Name, failure.Message);
        }
        await Ready(stoppingToken);
        Console.WriteLine(
            $"comod silo ready on {url} (data in {options.Storage}, "
                + $"{(services.GetService<TaskEngine>() is { } engine ? $"device {engine.Device}" : "gateway")})"
        );
    }

    /// <summary>
    /// Waits until requests may come; says what is missing where that takes long, and whenever it is something else.
    /// </summary>
    private async Task Ready(CancellationToken cancellation)
    {
        var (start, said) = (time.GetTimestamp(), "");
        while (await readiness.Missing(cancellation) is { Count: > 0 } missing)
        {
            if (string.Join("; ", missing) is var reason && reason != said && time.GetElapsedTime(start) > Usual)
                LogNotReady(said = reason);
            await Task.Delay(Pause, time, cancellation);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            SiloAddressFile.Remove(options.Storage);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogUnwritable(SiloAddressFile.Name, failure.Message);
        }
    }

    [LoggerMessage(SiloEvents.NotReady, LogLevel.Warning, "Not ready yet: {Reason}.")]
    private partial void LogNotReady(string reason);

    [LoggerMessage(
        SiloEvents.AddressNotWritten,
        LogLevel.Warning,
        "{File} in the data directory cannot be changed: {Reason}"
    )]
    private partial void LogUnwritable(string file, string reason);
}
