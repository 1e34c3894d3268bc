using ComodCluster.Api.Workers;

namespace ComodCluster.Client;

/// <summary><c>/v1/workers</c></summary>
public sealed class WorkerClient
{
    private const string Path = "/v1/workers";
    private readonly ApiTransport _transport;

    internal WorkerClient(ApiTransport transport) => _transport = transport;

    /// <summary>Workers that are alive, by name.</summary>
    public Task<IReadOnlyList<WorkerReport>> List(CancellationToken cancellation = default) =>
        _transport.Get<IReadOnlyList<WorkerReport>>(Path, cancellation);

    /// <summary>Begins to empty a worker; it is empty once its report has no jobs.</summary>
    public Task<WorkerReport> Drain(string name, CancellationToken cancellation = default) =>
        _transport.Post<WorkerReport>($"{Path}/{Uri.EscapeDataString(name)}/drain", cancellation);

    /// <summary>Takes a drain back: the worker takes jobs again.</summary>
    public Task<WorkerReport> Undrain(string name, CancellationToken cancellation = default) =>
        _transport.Post<WorkerReport>($"{Path}/{Uri.EscapeDataString(name)}/undrain", cancellation);
}
