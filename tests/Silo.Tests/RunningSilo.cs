using ComodCluster.Silo.Hosting;
using ComodCluster.TestInfrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(ComodCluster.Silo.Tests.RunningSilo))]

namespace ComodCluster.Silo.Tests;

/// <summary>The whole silo in this process, on a real port, an empty directory and the CPU.</summary>
public sealed class RunningSilo : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private WebApplication? _app;
    private HttpClient? _client;

    public HttpClient Client => _client ?? throw new InvalidOperationException("The silo is not started.");

    public IServiceProvider Services =>
        _app?.Services ?? throw new InvalidOperationException("The silo is not started.");

    /// <summary>The data directory.</summary>
    public string Data => _folder.Path;

    public async ValueTask InitializeAsync()
    {
        _app = SiloHost.Build(["--data-dir", Data, "--port", "0", "--device", "cpu", "--threads", "1"]);
        await _app.StartAsync();
        var address = Services
            .GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        _client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(2) };
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        _folder.Dispose();
    }
}
