using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Jobs;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Backbones;

/// <summary>Starts a training, or finds the one that the same request started before.</summary>
/// <remarks>The job's id follows from the request: after an interruption the same command goes on with the same
/// job.</remarks>
internal sealed class BackboneTraining(ComodClient client)
{
    public async Task<JobInfo> StartOrResume(TrainBackboneRequest request, CancellationToken cancellation)
    {
        var id =
            "train-"
            + Digests.Of(
                request.Name,
                request.Dataset,
                request.Architecture,
                request.Width,
                request.Epochs,
                request.Batch,
                request.Seed,
                request.Skip,
                request.Drawn
            )[..16];
        for (var attempt = 1; ; attempt++)
        {
            var job = attempt == 1 ? id : $"{id}-{attempt}";
            if (await Find(job, cancellation) is { Phase: JobPhase.Failed or JobPhase.Cancelled })
                continue;
            await DeleteFailed(request.Name, cancellation);
            return await client.Backbones.Train(request with { JobId = job }, cancellation);
        }
    }

    private async Task<JobInfo?> Find(string job, CancellationToken cancellation)
    {
        try
        {
            return await client.Jobs.Get(job, cancellation);
        }
        catch (ComodApiException e) when (e.Code == ErrorCodes.NotFound)
        {
            return null;
        }
    }

    /// <summary>A training that failed leaves its name taken.</summary>
    private async Task DeleteFailed(string name, CancellationToken cancellation)
    {
        try
        {
            var backbone = await client.Backbones.Get(name, cancellation);
            if (backbone.Phase == BackbonePhase.Failed)
                await client.Backbones.Delete(name, cancellation);
        }
        catch (ComodApiException e) when (e.Code == ErrorCodes.NotFound)
        {
            // The name is free.
        }
    }
}
