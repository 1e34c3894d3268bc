using ComodCluster.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Cli.Tests;

/// <summary>A real web server on this machine that answers as the test says.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebServer(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(answer);
    }

    public Uri Url => new(_app.Urls.Single());

    public static async Task<WebServer> Start(RequestDelegate answer)
    {
        var server = new WebServer(answer);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ComodClient Client() => ComodClient.Connect(Url);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
