using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;

namespace ComodCluster.Contracts.Jobs;

public sealed record ImportPayload(DatasetSource Source) : JobPayload
{
    public override JobKind Kind => JobKind.Import;

    // The same archive sent again is the same request.
    public override object Asked => Source with { Stored = null };
}
