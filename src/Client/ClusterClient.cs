using ComodCluster.Api.Cluster;

namespace ComodCluster.Client;

/// <summary><c>/v1/cluster</c></summary>
public sealed class ClusterClient
{
    private const string Path = "/v1/cluster";
    private readonly ApiTransport _transport;

    internal ClusterClient(ApiTransport transport) => _transport = transport;

    /// <summary>In which format records are stored, and what each silo knows.</summary>
    public Task<ClusterInfo> Get(CancellationToken cancellation = default) =>
        _transport.Get<ClusterInfo>(Path, cancellation);

    /// <summary>Lets the cluster write a later format from now on.</summary>
    public Task<ClusterInfo> Raise(FormatRequest request, CancellationToken cancellation = default) =>
        _transport.Post<ClusterInfo>($"{Path}/format", request, cancellation);
}
