using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Contracts.Jobs;

/// <param name="ActiveVersionAtStart">The active version when the job was made: a user's later revert wins over
/// it.</param>
public sealed record AdaptPayload(AdaptRequest Request, int ActiveVersionAtStart) : JobPayload
{
    public override JobKind Kind => JobKind.Adapt;

    public override int Priority => Request.Priority ?? 0;

    public override object Asked => Request with { Id = null };
}
