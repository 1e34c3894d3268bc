using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ComodCluster.Api.Jobs;

namespace ComodCluster.Client;

/// <summary><c>/v1/jobs</c></summary>
public sealed class JobClient
{
    private const string Path = "/v1/jobs";
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);
    private readonly ApiTransport _transport;

    internal JobClient(ApiTransport transport) => _transport = transport;

    public Task<IReadOnlyList<JobInfo>> List(CancellationToken cancellation = default) =>
        _transport.List<JobInfo>(Path, cancellation);

    public Task<JobInfo> Get(string id, CancellationToken cancellation = default) =>
        _transport.Get<JobInfo>(Of(id), cancellation);

    /// <summary>Asks the job to end; it is cancelled once its phase says so.</summary>
    public Task<JobInfo> Cancel(string id, CancellationToken cancellation = default) =>
        _transport.Post<JobInfo>($"{Of(id)}/cancel", cancellation);

    /// <summary>Stops the job after a last checkpoint, until it is resumed or cancelled.</summary>
    public Task<JobInfo> Pause(string id, CancellationToken cancellation = default) =>
        _transport.Post<JobInfo>($"{Of(id)}/pause", cancellation);

    /// <summary>Puts a paused job into the queue again.</summary>
    public Task<JobInfo> Resume(string id, CancellationToken cancellation = default) =>
        _transport.Post<JobInfo>($"{Of(id)}/resume", cancellation);

    /// <summary>
    /// The job as it is, then its changes, ending with its last state. A broken stream is taken up again.
    /// </summary>
    /// <exception cref="ComodApiException">There is no such job, or the server stayed away for longer than
    /// <see cref="ComodClientOptions.ReconnectFor"/>.</exception>
    public async IAsyncEnumerable<JobInfo> Watch(
        string id,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var heard = _transport.Time.GetTimestamp();
        while (true)
        {
            var events = Events(id, cancellation).GetAsyncEnumerator(cancellation);
            await using (events)
            {
                while (true)
                {
                    try
                    {
                        if (!await events.MoveNextAsync())
                            break;
                    }
                    catch (Exception e)
                        when (IsBroken(e, cancellation)
                            && _transport.Time.GetElapsedTime(heard) < _transport.Options.ReconnectFor
                        )
                    {
                        break;
                    }
                    heard = _transport.Time.GetTimestamp();
                    yield return events.Current;
                    if (events.Current.IsFinished)
                        yield break;
                }
            }
            await Task.Delay(s_pause, _transport.Time, cancellation);
        }
    }

    /// <summary>Watches the job to its end.</summary>
    /// <returns>Its last state, whatever that is.</returns>
    public async Task<JobInfo> WaitFor(string id, CancellationToken cancellation = default)
    {
        JobInfo? last = null;
        await foreach (var state in Watch(id, cancellation))
            last = state;
        return last!;
    }

    private async IAsyncEnumerable<JobInfo> Events(string id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await _transport.Send(
            () => new(HttpMethod.Get, $"{Of(id)}/events") { Headers = { { "Accept", "text/event-stream" } } },
            cancellation
        );
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var parser = SseParser.Create(
            body,
            (type, data) =>
                type is "progress" or "done"
                    ? JsonSerializer.Deserialize<JobInfo>(data, JsonSerializerOptions.Web)
                    : null
        );
        await foreach (var item in parser.EnumerateAsync(cancellation))
            if (item.Data is { } job)
                yield return job;
    }

    /// <summary>Whether the connection is to blame, not the request.</summary>
    private static bool IsBroken(Exception e, CancellationToken cancellation) =>
        e is IOException or HttpRequestException or ComodApiException { Status: 0 }
        // The timeout of a client that the caller made.
        || e is OperationCanceledException && !cancellation.IsCancellationRequested;

    private static string Of(string id) => $"{Path}/{Uri.EscapeDataString(id)}";
}
