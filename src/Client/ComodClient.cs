namespace ComodCluster.Client;

/// <summary>The HTTP API of a silo, typed. Safe for concurrent use.</summary>
/// <example><code>
/// using var comod = ComodClient.Connect(new Uri("http://127.0.0.1:5080"));
/// var job = await comod.Tasks.Adapt("left-or-right", new AdaptRequest());
/// await foreach (var state in comod.Jobs.Watch(job.Id)) Console.WriteLine($"{state.Progress:P0}");
/// </code></example>
public sealed class ComodClient : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="http">Its base address is the silo's; it is disposed with the client.</param>
    public ComodClient(HttpClient http, ComodClientOptions? options = null)
    {
        _http = http;
        var transport = new ApiTransport(http, options ?? new());
        Backbones = new(transport);
        Datasets = new(transport);
        Tasks = new(transport);
        Jobs = new(transport);
        Workers = new(transport);
        Cluster = new(transport);
        Plans = new(transport);
        Backups = new(transport);
    }

    public Uri Address => _http.BaseAddress!;

    public BackboneClient Backbones { get; }

    public DatasetClient Datasets { get; }

    public TaskClient Tasks { get; }

    public JobClient Jobs { get; }

    public WorkerClient Workers { get; }

    public ClusterClient Cluster { get; }

    public PlanClient Plans { get; }

    public BackupClient Backups { get; }

    public static ComodClient Connect(Uri address, ComodClientOptions? options = null) =>
        new(
            new HttpClient(
                new SocketsHttpHandler
                {
                    ConnectTimeout = TimeSpan.FromSeconds(10),
                    // HTTP_PROXY and ALL_PROXY name a way to other machines: none leads back to this one.
                    UseProxy = !address.IsLoopback,
                }
            )
            {
                BaseAddress = address,
                // Uploads and event streams last as long as they last; every call has a cancellation token.
                Timeout = Timeout.InfiniteTimeSpan,
            },
            options
        );

    /// <summary>Whether the silo takes requests; false also where nothing answers.</summary>
    public async Task<bool> IsReady(CancellationToken cancellation = default)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();
}
