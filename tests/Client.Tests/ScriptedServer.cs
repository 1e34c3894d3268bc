using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ComodCluster.Client.Tests;

/// <summary>Answers requests with prepared responses, in order, and keeps what was asked.</summary>
internal sealed class ScriptedServer : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<(HttpMethod Method, string Path, byte[] Body, string? ContentType)> Requests { get; } = [];

    public SkippingTime Time { get; } = new();

    public ComodClient Client(ComodClientOptions? options = null) =>
        new(
            new HttpClient(this) { BaseAddress = new Uri("http://silo.test") },
            (options ?? new()) with
            {
                Time = Time,
            }
        );

    public ScriptedServer Json(
        string json,
        HttpStatusCode status = HttpStatusCode.OK,
        string type = "application/json"
    ) => Answer(() => new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, type) });

    public ScriptedServer Problem(int status, string code, string detail, int? retryAfter = null) =>
        Answer(() =>
        {
            var response = new HttpResponseMessage((HttpStatusCode)status)
            {
                Content = new StringContent(
                    $$"""{"status":{{status}},"title":"No","detail":"{{detail}}","code":"{{code}}"}""",
                    Encoding.UTF8,
                    "application/problem+json"
                ),
            };
            if (retryAfter is { } seconds)
                response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
            return response;
        });

    /// <summary>An event stream that breaks off after these events.</summary>
    public ScriptedServer Events(params (string Type, string Data)[] events) =>
        Answer(() =>
            new HttpResponseMessage
            {
                Content = new StreamContent(
                    new BreakingStream(string.Concat(events.Select(one => $"event: {one.Type}\ndata: {one.Data}\n\n")))
                )
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("text/event-stream") },
                },
            }
        );

    public ScriptedServer NoServer() =>
        Answer(() => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"));

    private ScriptedServer Answer(Func<HttpResponseMessage> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        Requests.Add(
            (request.Method, request.RequestUri!.PathAndQuery, body, request.Content?.Headers.ContentType?.ToString())
        );
        return _answers.Dequeue()();
    }

    /// <summary>Ends with an error, as a connection does whose server was killed.</summary>
    private sealed class BreakingStream(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new IOException("The connection broke.");
        }
    }
}
