using ComodCluster.Api.Planning;

namespace ComodCluster.Client;

/// <summary><c>/v1/plan</c></summary>
public sealed class PlanClient
{
    private readonly ApiTransport _transport;

    internal PlanClient(ApiTransport transport) => _transport = transport;

    /// <summary>What a task will cost and return, before any adaptation; nothing is registered.</summary>
    /// <param name="deadline">After which the server gives up; null: its own, two minutes.</param>
    /// <exception cref="ComodApiException">Names unknown (404), no plan can be made for the task (400), busy (429), or
    /// the deadline has passed (504).</exception>
    public Task<PlanReport> Make(
        PlanRequest request,
        TimeSpan? deadline = null,
        CancellationToken cancellation = default
    ) =>
        _transport.Post<PlanReport>(
            deadline is { } time ? $"/v1/plan?timeoutMs={(long)time.TotalMilliseconds}" : "/v1/plan",
            request,
            cancellation
        );
}
