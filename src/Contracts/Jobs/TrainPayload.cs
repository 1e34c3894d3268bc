using ComodCluster.Api.Backbones;
using ComodCluster.Api.Jobs;

namespace ComodCluster.Contracts.Jobs;

public sealed record TrainPayload(TrainBackboneRequest Request) : JobPayload
{
    public override JobKind Kind => JobKind.Train;

    public override object Asked => Request with { JobId = null };
}
