using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;

namespace ComodCluster.Client;

/// <summary><c>/v1/datasets</c></summary>
public sealed class DatasetClient
{
    private const string Path = "/v1/datasets";
    private readonly ApiTransport _transport;

    internal DatasetClient(ApiTransport transport) => _transport = transport;

    public Task<IReadOnlyList<DatasetInfo>> List(CancellationToken cancellation = default) =>
        _transport.List<DatasetInfo>(Path, cancellation);

    public Task<DatasetInfo> Get(string name, CancellationToken cancellation = default) =>
        _transport.Get<DatasetInfo>(Of(name), cancellation);

    /// <summary>Uploads a zip of class folders; its import is the returned job.</summary>
    /// <param name="open">Opens the archive from its start; called again where the server asks to retry.</param>
    /// <param name="seed">Chooses the held-out fifth where the archive has no test split.</param>
    /// <param name="job">Id of the import job, so that a repeated request starts nothing twice.</param>
    /// <param name="sent">Told the bytes sent so far.</param>
    /// <param name="import">How the archive is read; null: all of it is found out.</param>
    public Task<JobInfo> Upload(
        string name,
        Func<Stream> open,
        int seed = 0,
        string? job = null,
        IProgress<long>? sent = null,
        ImportSettings? import = null,
        CancellationToken cancellation = default
    ) => Upload(name, () => new UploadContent(open, "application/zip", sent), seed, job, import, cancellation);

    /// <summary>Uploads a zip that is made while it is sent, and whose length nobody knows yet.</summary>
    /// <param name="write">Writes the archive; called again where the server asks to retry. Where it throws, the
    /// request breaks off, and so does this method, by the same exception unless that is an IOException.</param>
    /// <inheritdoc cref="Upload(string, Func{Stream}, int, string?, IProgress{long}?, ImportSettings?, CancellationToken)"/>
    public Task<JobInfo> Upload(
        string name,
        Func<Stream, CancellationToken, Task> write,
        int seed = 0,
        string? job = null,
        ImportSettings? import = null,
        CancellationToken cancellation = default
    ) => Upload(name, () => new WrittenContent(write, "application/zip"), seed, job, import, cancellation);

    private Task<JobInfo> Upload(
        string name,
        Func<HttpContent> content,
        int seed,
        string? job,
        ImportSettings? import,
        CancellationToken cancellation
    )
    {
        var query = Query.Of(
            ("seed", seed.ToString()),
            ("job", job),
            ("layout", import?.Layout?.ToString().ToLowerInvariant()),
            ("train", import?.Train),
            ("test", import?.Test),
            ("encoding", import?.Encoding),
            ("skipUnreadable", import is { SkipUnreadable: true } ? "true" : null)
        );
        return _transport.Call<JobInfo>(
            () => new(HttpMethod.Put, Of(name) + query) { Content = content(), Headers = { ExpectContinue = true } },
            cancellation
        );
    }

    /// <summary>Draws canvases (scenes or clutter); the drawing is the returned job.</summary>
    public Task<JobInfo> Create(DatasetSpec spec, CancellationToken cancellation = default) =>
        _transport.Post<JobInfo>(Path, spec, cancellation);

    /// <param name="split"><c>train</c> or <c>test</c>.</param>
    /// <param name="index">From 0, in the data set's order.</param>
    public async Task<DatasetImage> Image(
        string name,
        string split,
        int index,
        CancellationToken cancellation = default
    )
    {
        using var response = await _transport.Send(
            () => new(HttpMethod.Get, $"{Of(name)}/images/{split}/{index}"),
            cancellation
        );
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
        var label = response.Headers.TryGetValues("X-Label", out var values)
            ? Uri.UnescapeDataString(string.Join(',', values))
            : null;
        return new(bytes, response.Content.Headers.ContentType?.MediaType ?? "application/octet-stream", label);
    }

    public Task Delete(string name, CancellationToken cancellation = default) =>
        _transport.Delete(Of(name), cancellation);

    private static string Of(string name) => $"{Path}/{Uri.EscapeDataString(name)}";
}
