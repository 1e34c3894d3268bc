using ComodCluster.Engine.Execution;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace ComodCluster.Silo.Hosting;

/// <summary>Says where the silo answers: a file as soon as it listens, a line on standard output once it is ready.</summary>
public sealed partial class SiloAnnouncer(
    SiloOptions options, IServiceProvider services, IServer server, IHostApplicationLifetime lifetime, ILogger<SiloAnnouncer> logger) : BackgroundService
{
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
        if (services.GetService<BuiltInBackbones>() is { } backbones) await backbones.Registered.WaitAsync(stoppingToken);
        Console.WriteLine($"comod silo ready on {url} (data in {options.Storage}, {(services.GetService<TaskEngine>() is { } engine ? $"device {engine.Device}" : "gateway")})");
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

    [LoggerMessage(LogLevel.Warning, "{File} in the data directory cannot be changed: {Reason}")]
    private partial void LogUnwritable(string file, string reason);
}
