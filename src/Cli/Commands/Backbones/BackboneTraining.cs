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
        var there = await Find(() => client.Backbones.Get(request.Name, cancellation));
        // Jobs of attempts before it may have been purged: the backbone names the one that made it.
        if (there is { Phase: not BackbonePhase.Failed, Job: { } made } && IsAttempt(made, id))
            return await client.Jobs.Get(made, cancellation);
        // A training that failed leaves its name taken.
        if (there is { Phase: BackbonePhase.Failed })
            await client.Backbones.Delete(request.Name, cancellation);
        for (var attempt = 1; ; attempt++)
        {
            var job = attempt == 1 ? id : $"{id}-{attempt}";
            if (
                await Find(() => client.Jobs.Get(job, cancellation))
                is not { Phase: JobPhase.Failed or JobPhase.Cancelled }
            )
                return await client.Backbones.Train(request with { JobId = job }, cancellation);
        }
    }

    private static bool IsAttempt(string job, string id) =>
        job == id || job.StartsWith($"{id}-", StringComparison.Ordinal);

    private static async Task<T?> Find<T>(Func<Task<T>> get)
        where T : class
    {
        try
        {
            return await get();
        }
        catch (ComodApiException e) when (e.Code == ErrorCodes.NotFound)
        {
            return null;
        }
    }
}
