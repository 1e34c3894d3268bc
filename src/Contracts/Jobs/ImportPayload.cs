using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;

namespace ComodCluster.Contracts.Jobs;

public sealed record ImportPayload(DatasetSource Source) : JobPayload
{
    public override JobKind Kind => JobKind.Import;

    public override object Asked => Source;
}
