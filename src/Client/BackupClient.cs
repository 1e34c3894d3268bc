using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ComodCluster.Api.Backups;

namespace ComodCluster.Client;

/// <summary><c>/v1/backups</c></summary>
public sealed class BackupClient
{
    private readonly ApiTransport _transport;

    internal BackupClient(ApiTransport transport) => _transport = transport;

    /// <summary>
    /// Backs the cluster up and tells how far it is, ending with the finished backup. It ends where nobody reads on.
    /// </summary>
    /// <exception cref="ComodApiException">The backup cannot begin, or failed, or its silo has gone.</exception>
    public async IAsyncEnumerable<BackupProgress> Run(
        BackupRequest request,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        using var response = await _transport.Send(
            () =>
                new(HttpMethod.Post, "/v1/backups")
                {
                    Content = JsonContent.Create(request, options: JsonSerializerOptions.Web),
                    Headers = { { "Accept", "text/event-stream" } },
                },
            cancellation
        );
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        await using var events = SseParser
            .Create(
                body,
                (type, data) =>
                    type is "progress" or "done" or "failed"
                        ? JsonSerializer.Deserialize<BackupProgress>(data, JsonSerializerOptions.Web)
                        : null
            )
            .EnumerateAsync(cancellation)
            .GetAsyncEnumerator(cancellation);
        while (await Next())
        {
            if (events.Current.Data is not { } state)
                continue;
            if (state.Error is { } error)
                throw new ComodApiException(error.Code, (int)response.StatusCode, error.Message);
            yield return state;
            if (state.Phase == BackupPhase.Done)
                yield break;
        }
        throw _transport.Broken(null);

        async Task<bool> Next()
        {
            try
            {
                return await events.MoveNextAsync();
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw _transport.Broken(e);
            }
        }
    }
}
