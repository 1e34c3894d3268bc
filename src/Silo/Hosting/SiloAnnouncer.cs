using ComodCluster.Engine;
using ComodCluster.Grains.Loops;
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
    SiloLoops loops,
    TimeProvider time,
    ILogger<SiloAnnouncer> logger
) : SiloLoop("announcement", Pause, loops, time, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200),
        Usual = TimeSpan.FromSeconds(10);

    private long _start;
    private string _said = "";

    private string Url => server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        try
        {
            new SiloAddressFile(Url, Environment.ProcessId).Write(options.Storage);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogUnwritable(SiloAddressFile.Name, failure.Message);
        }
        _start = Time.GetTimestamp();
        await base.ExecuteAsync(stoppingToken);
    }

    /// <summary>
    /// Waits until requests may come; says what is missing where that takes long, and whenever it is something else.
    /// </summary>
    protected override async Task Round(CancellationToken cancellation)
    {
        if (await readiness.Missing(cancellation) is { Count: > 0 } missing)
        {
            if (string.Join("; ", missing) is var reason && reason != _said && Time.GetElapsedTime(_start) > Usual)
                LogNotReady(_said = reason);
            return;
        }
        Console.WriteLine(
            $"comod silo ready on {Url} (data in {options.Storage}, "
                + $"{(services.GetService<TaskEngine>() is { } engine ? $"device {engine.Device}" : "gateway")})"
        );
        End();
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
