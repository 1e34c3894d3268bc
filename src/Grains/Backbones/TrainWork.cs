using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Backbones;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Engine;
using ComodCluster.Engine.Backbones.Training;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Collection;

namespace ComodCluster.Grains.Backbones;

/// <summary>Trains a backbone; one at a time, since it takes all cores.</summary>
internal sealed class TrainWork(
    TaskEngine engine,
    BackboneTrainingPlan plan,
    BlobStore blobs,
    BlobCollector collector,
    IGrainFactory grains
) : IJobWork
{
    public JobKind Kind => JobKind.Train;

    public int AtOnce => 1;

    public async Task<IReadOnlyList<int>> Run(JobAssignment job, JobRun run, CancellationToken cancellation)
    {
        run.Report(new JobProgress { Fraction = 0, Activity = "preparing images" });
        var checkpoint = await run.ReadCheckpoint(cancellation).ConfigureAwait(false);
        var training = await plan.Make(
                job.Key.Tenant,
                ((TrainPayload)job.Spec.Payload).Request,
                checkpoint,
                cancellation
            )
            .ConfigureAwait(false);
        var trained = await engine.TrainBackbone(training, new Observer(run), cancellation).ConfigureAwait(false);
        var weights = await blobs.PutAsync(job.Key.Tenant, trained.File, cancellation).ConfigureAwait(false);
        try
        {
            await Backbone(job)
                .Complete(job.Key.Id, weights.Digest, null, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch
        {
            await collector.DropQuietly(job.Key.Tenant, weights.Digest, weights.Kept).ConfigureAwait(false);
            throw;
        }
        return [];
    }

    public Task Fail(JobAssignment job, JobError error) =>
        Backbone(job).Complete(job.Key.Id, null, error, CancellationToken.None);

    public Task CleanUp(JobAssignment job) => Task.CompletedTask;

    private IBackboneGrain Backbone(JobAssignment job) => grains.Backbone(job.Spec.SubjectUid);

    private sealed class Observer(JobRun run) : ITrainingObserver
    {
        public void Report(TrainingProgress progress) =>
            run.Report(
                new JobProgress
                {
                    Fraction = (double)progress.Step / progress.Steps,
                    Activity = $"epoch {progress.Epoch}/{progress.Epochs}",
                    ImagesPerSecond = progress.ImagesPerSecond,
                    SecondsLeft = progress.SecondsLeft,
                    Loss = progress.Loss,
                    Accuracy = progress.Accuracy,
                }
            );

        // Called on the training's own thread, which waits for the disk.
        public void Checkpoint(byte[] state) => run.Checkpoint(state).GetAwaiter().GetResult();
    }
}
