using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ComodCluster.Api;

namespace ComodCluster.Client;

/// <summary>
/// Sends requests, waits where the server asks for it, and turns refusals into <see cref="ComodApiException"/>.
/// </summary>
internal sealed class ApiTransport(HttpClient http, ComodClientOptions options)
{
    public const int LargestPage = 1000;

    public TimeProvider Time => options.Time;

    public ComodClientOptions Options => options;

    public Task<T> Get<T>(string path, CancellationToken cancellation) =>
        Call<T>(() => new(HttpMethod.Get, path), cancellation);

    public Task<T> Post<T>(string path, object body, CancellationToken cancellation) =>
        Call<T>(
            () =>
                new(HttpMethod.Post, path)
                {
                    Content = JsonContent.Create(body, body.GetType(), options: JsonSerializerOptions.Web),
                },
            cancellation
        );

    public Task<T> Post<T>(string path, CancellationToken cancellation) =>
        Call<T>(() => new(HttpMethod.Post, path), cancellation);

    public async Task Delete(string path, CancellationToken cancellation)
    {
        using var response = await Send(() => new(HttpMethod.Delete, path), cancellation);
    }

    /// <summary>All pages of a listing.</summary>
    public async Task<IReadOnlyList<T>> List<T>(string path, CancellationToken cancellation)
    {
        var all = new List<T>();
        string? after = null;
        do
        {
            var page = await Page<T>(path, after, LargestPage, cancellation);
            all.AddRange(page.Items);
            after = page.Next;
        } while (after is not null);
        return all;
    }

    public Task<Page<T>> Page<T>(string path, string? after, int limit, CancellationToken cancellation) =>
        Get<Page<T>>(
            path + Query.Of(("limit", limit.ToString(CultureInfo.InvariantCulture)), ("after", after)),
            cancellation
        );

    public async Task<T> Call<T>(Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        using var response = await Send(request, cancellation);
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(JsonSerializerOptions.Web, cancellation)
                ?? throw ComodApiException.NotUnderstood(response.StatusCode, "with JSON null");
        }
        catch (JsonException e)
        {
            throw ComodApiException.NotUnderstood(response.StatusCode, "with a body of another shape", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Broken(e);
        }
    }

    /// <summary>The response with its headers read and its body not; the caller disposes it.</summary>
    /// <param name="request">Makes the request anew each time it is sent.</param>
    /// <exception cref="ComodApiException">The server refused, or nothing answers.</exception>
    public async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        for (var sent = 1; ; sent++)
        {
            using var message = request();
            HttpResponseMessage response;
            try
            {
                response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            }
            catch (HttpRequestException e)
            {
                throw ComodApiException.NoServer(http.BaseAddress, e);
            }
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
            {
                var again = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
                if (!again || sent > options.Retries)
                    throw await ProblemReader.Read(response, cancellation);
                await Task.Delay(Wait(response, sent), options.Time, cancellation);
            }
        }
    }

    /// <summary>The connection broke in the middle of an answer.</summary>
    public ComodApiException Broken(Exception? inner) => ComodApiException.Broken(http.BaseAddress, inner);

    /// <summary>What Retry-After asks for; else 0.2 s, doubled each time.</summary>
    private TimeSpan Wait(HttpResponseMessage response, int sent)
    {
        var asked = response.Headers.RetryAfter;
        var wait =
            asked?.Delta ?? asked?.Date - options.Time.GetUtcNow() ?? TimeSpan.FromSeconds(0.2 * Math.Pow(2, sent - 1));
        return wait < TimeSpan.Zero ? TimeSpan.Zero
            : wait > options.LongestWait ? options.LongestWait
            : wait;
    }
}
