using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace ComodCluster.Cli.Tests.Data;

/// <summary>
/// A web server on this machine that answers each request as the next of a script says; the last answer is given again
/// and again.
/// </summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Queue<FileAnswer> _script;
    private readonly List<(string? Range, string? IfRange)> _requests = [];

    private FileServer(FileAnswer[] script)
    {
        _script = new Queue<FileAnswer>(script);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(Answer);
    }

    /// <summary>The headers Range and If-Range of what was asked, in order.</summary>
    public IReadOnlyList<(string? Range, string? IfRange)> Requests => _requests;

    public Uri Url => new($"{_app.Urls.Single()}/original.tar.gz");

    public static async Task<FileServer> Start(params FileAnswer[] script)
    {
        var server = new FileServer(script);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        _requests.Add((context.Request.Headers.Range, context.Request.Headers.IfRange));
        var answer = _script.Count > 1 ? _script.Dequeue() : _script.Peek();
        if (answer.Status is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }
        if (!answer.Ranges)
            context.Request.Headers.Remove(HeaderNames.Range);
        if (answer.BreaksAfter is { } bytes)
            context.Response.Body = new CutOff(context.Response.Body, bytes);
        await Results
            .Bytes(
                answer.Content,
                "application/gzip",
                enableRangeProcessing: answer.Ranges,
                entityTag: answer.Tag is { } tag ? EntityTagHeaderValue.Parse(tag) : null
            )
            .ExecuteAsync(context);
        if (!answer.Hangs)
            return;
        await context.Response.Body.FlushAsync(context.RequestAborted);
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    /// <summary>
    /// Passes the first bytes on and swallows the others: the server then closes the connection, because less came than
    /// was announced.
    /// </summary>
    private sealed class CutOff(Stream inner, int left) : MemoryStream
    {
        private int _left = left;

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var count = Math.Min(_left, buffer.Length);
            _left -= count;
            await inner.WriteAsync(buffer[..count], cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
    }
}
