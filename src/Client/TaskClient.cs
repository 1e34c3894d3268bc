using System.Net.Http.Headers;
using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Client;

/// <summary><c>/v1/tasks</c></summary>
public sealed class TaskClient
{
    private const string Path = "/v1/tasks";
    private readonly ApiTransport _transport;

    internal TaskClient(ApiTransport transport) => _transport = transport;

    public Task<TaskInfo> Create(TaskSpec spec, CancellationToken cancellation = default) =>
        _transport.Post<TaskInfo>(Path, spec, cancellation);

    /// <summary>Registers tasks in one transaction; one that is refused keeps none of the others back.</summary>
    /// <param name="specs">1 to 1000.</param>
    /// <returns>One result per task, in the same order.</returns>
    public async Task<IReadOnlyList<TaskRegistration>> CreateMany(
        IReadOnlyList<TaskSpec> specs,
        CancellationToken cancellation = default
    ) =>
        (
            await _transport.Post<CreateTasksResponse>($"{Path}/bulk", new CreateTasksRequest(specs), cancellation)
        ).Results;

    public Task<IReadOnlyList<TaskInfo>> List(CancellationToken cancellation = default) =>
        _transport.List<TaskInfo>(Path, cancellation);

    /// <summary>Tasks by name.</summary>
    /// <param name="after">The <c>next</c> of the page before; null: the first page.</param>
    /// <param name="limit">1 to 1000.</param>
    public Task<Page<TaskInfo>> Page(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        _transport.Page<TaskInfo>(Path, after, limit, cancellation);

    public Task<TaskInfo> Get(string name, CancellationToken cancellation = default) =>
        _transport.Get<TaskInfo>(Of(name), cancellation);

    /// <summary>
    /// Starts a job of one trial per method and seed, or returns the one with the same id and request.
    /// </summary>
    public Task<JobInfo> Adapt(string name, AdaptRequest request, CancellationToken cancellation = default) =>
        _transport.Post<JobInfo>($"{Of(name)}/adapt", request, cancellation);

    /// <summary>Answers for all images or for none.</summary>
    /// <param name="images">1 to 64 encoded images.</param>
    /// <exception cref="ComodApiException">Among others an image cannot be used: <see cref="ComodApiException.Images"/>
    /// are those.</exception>
    public Task<PredictResponse> Predict(
        string name,
        IReadOnlyList<byte[]> images,
        CancellationToken cancellation = default
    ) =>
        _transport.Call<PredictResponse>(
            () =>
                new(HttpMethod.Post, $"{Of(name)}/predict")
                {
                    Content = Multipart(images.Select((bytes, i) => new NamedImage($"image-{i}", bytes))),
                },
            cancellation
        );

    /// <summary>
    /// Answers for each image: one that cannot be used has <see cref="Prediction.Error"/> and spoils no other.
    /// </summary>
    /// <param name="images">1 to 64.</param>
    public Task<PredictResponse> PredictEach(
        string name,
        IReadOnlyList<NamedImage> images,
        CancellationToken cancellation = default
    ) =>
        _transport.Call<PredictResponse>(
            () => new(HttpMethod.Post, $"{Of(name)}/predict?partial=true") { Content = Multipart(images) },
            cancellation
        );

    /// <summary>All versions, oldest first.</summary>
    public async Task<IReadOnlyList<VersionInfo>> Versions(string name, CancellationToken cancellation = default)
    {
        var all = new List<VersionInfo>();
        while (true)
        {
            var last = all is [] ? 0 : all[^1].Version;
            var page = await Versions(name, last, ApiTransport.LargestPage, cancellation);
            // A server of an earlier build knows no pages and gives all each time.
            all.AddRange(page.Where(version => version.Version > last));
            if (page.Count != ApiTransport.LargestPage || all[^1].Version == last)
                return all;
        }
    }

    /// <summary>A page of the versions, oldest first; the last one has fewer than <paramref name="limit"/>.</summary>
    /// <param name="after">Number of the last version of the page before; 0: the first page.</param>
    /// <param name="limit">1 to 1000.</param>
    public Task<IReadOnlyList<VersionInfo>> Versions(
        string name,
        int after,
        int limit,
        CancellationToken cancellation = default
    ) => _transport.Get<IReadOnlyList<VersionInfo>>($"{Of(name)}/versions?limit={limit}&after={after}", cancellation);

    public Task<VersionMaps> Maps(string name, int version, CancellationToken cancellation = default) =>
        _transport.Get<VersionMaps>($"{Of(name)}/versions/{version}/maps", cancellation);

    /// <param name="version">0 is the base: the unmodulated backbone.</param>
    public Task<TaskInfo> Activate(string name, int version, CancellationToken cancellation = default) =>
        _transport.Post<TaskInfo>($"{Of(name)}/activate", new ActivateRequest(version), cancellation);

    public Task Delete(string name, CancellationToken cancellation = default) =>
        _transport.Delete(Of(name), cancellation);

    private static MultipartFormDataContent Multipart(IEnumerable<NamedImage> images)
    {
        var form = new MultipartFormDataContent();
        foreach (var image in images)
        {
            var part = new ByteArrayContent(image.Bytes);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            form.Add(part, "images", image.Name);
        }
        return form;
    }

    private static string Of(string name) => $"{Path}/{Uri.EscapeDataString(name)}";
}
