using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Engine;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;
using ComodCluster.Grains.Backbones;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Method = ComodCluster.Api.Tasks.Method;

namespace ComodCluster.Grains.Tasks;

/// <summary>Adapts a task. Jobs of this kind that run at once share batches.</summary>
internal sealed class AdaptWork(
    TaskEngine engine,
    BackboneResidency backbones,
    CatalogDatabase catalog,
    BlobStore blobs,
    TaskReporting tasks,
    IOptions<AdaptationOptions> options,
    TimeProvider time
) : IJobWork
{
    public JobKind Kind => JobKind.Adapt;

    public int AtOnce => options.Value.AtOnce;

    public bool HandsOver => true;

    public async Task<IReadOnlyList<int>> Run(JobAssignment job, JobRun run, CancellationToken cancellation)
    {
        var (tenant, request) = (job.Key.Tenant, Asked(job).Request);
        var (task, made) = await Read(job, cancellation).ConfigureAwait(false);
        // A run that ended between the versions and the job's end has nothing left to do.
        if (made.Count > 0)
            return made;
        if (TaskCompletion.EndedBefore(task, job.Key.Id) is { } reason)
            throw new ComodException(ErrorCodes.Internal, 500, reason);
        await backbones.Ensure(tenant, task.BackboneDigest, cancellation).ConfigureAwait(false);
        var isChoice = TrialSettings.IsChoice(request);
        var results = await Adapt(job, run, task, isChoice, cancellation).ConfigureAwait(false);
        var (kept, choice) = isChoice ? Chosen(results) : (results, null);
        var versions = new List<NewVersion>();
        foreach (var result in kept)
        {
            var state = await blobs.PutAsync(tenant, result.State.Serialize(), cancellation).ConfigureAwait(false);
            versions.Add(VersionOf(job, result, state, choice));
        }
        return await tasks.Ended(job.Spec.SubjectUid, Outcome(job) with { Versions = versions }).ConfigureAwait(false);
    }

    public Task Fail(JobAssignment job, JobError error) =>
        tasks.Ended(job.Spec.SubjectUid, Outcome(job) with { Error = error });

    public Task CleanUp(JobAssignment job) => Task.CompletedTask;

    private async Task<IReadOnlyList<TrialResult>> Adapt(
        JobAssignment job,
        JobRun run,
        StoredTask task,
        bool isChoice,
        CancellationToken cancellation
    )
    {
        var (tenant, dataset) = (job.Key.Tenant, task.Info.Spec.Dataset);
        using var pack = await blobs.OpenPack(tenant, task.DatasetDigest, dataset, cancellation).ConfigureAwait(false);
        try
        {
            return await engine
                .Adapt(
                    new AdaptationWork
                    {
                        Tenant = tenant.Value,
                        BackboneDigest = task.BackboneDigest,
                        Pack = pack,
                        Task = task.Definition(),
                        Trials = TrialSettings.Of(task.Info.Spec.Options, Asked(job).Request, task.Form),
                        Compared = isChoice,
                        Checkpoint = await run.ReadCheckpoint(cancellation).ConfigureAwait(false),
                        HandOver = run.HandOver,
                    },
                    new Observer(run),
                    cancellation
                )
                .ConfigureAwait(false);
        }
        catch (InputException e) when (PackBlobs.IsDamage(e))
        {
            throw BlobFaults.Changed(task.DatasetDigest, PackBlobs.Images(dataset), e);
        }
    }

    private Task<(StoredTask Task, IReadOnlyList<int> Made)> Read(JobAssignment job, CancellationToken cancellation)
    {
        var uid = job.Spec.SubjectUid;
        return catalog.Read(
            async (rows, stop) =>
            {
                var row =
                    await rows
                        .Objects.SingleOrDefaultAsync(o => o.Uid == uid && o.Phase != ObjectPhase.Deleted, stop)
                        .ConfigureAwait(false)
                    ?? throw ComodException.NotFound("task", job.Spec.Subject);
                return (
                    CatalogJson.Read<StoredTask>(row.Payload, row.Schema),
                    await rows.MadeBy(uid, job.Key.Id, stop).ConfigureAwait(false)
                );
            },
            cancellation
        );
    }

    private static AdaptPayload Asked(JobAssignment job) => (AdaptPayload)job.Spec.Payload;

    private static JobOutcome Outcome(JobAssignment job) =>
        new()
        {
            Job = job.Key.Id,
            Epoch = job.Epoch,
            ActiveVersionAtStart = Asked(job).ActiveVersionAtStart,
        };

    /// <summary>The chosen candidate's result, which is charged for all of them, and why it was chosen.</summary>
    private static (IReadOnlyList<TrialResult> Kept, MethodChoice Choice) Chosen(IReadOnlyList<TrialResult> results)
    {
        var decision =
            Choice.Decide([
                .. MethodTraits.Candidates.Select(method =>
                    (method, results.SingleOrDefault(r => r.Settings.Method == method)?.HeldOut)
                ),
            ])
            ?? throw new AdaptationDivergedException(
                "No candidate of method 'auto' has a finite held-out loss; lower sigma, the cap or the learning rate."
            );
        var chosen = results.Single(r => r.Settings.Method == decision.Method);
        return (
            [chosen with { DeviceSeconds = results.Sum(r => r.DeviceSeconds) }],
            new MethodChoice
            {
                Reason = decision.Reason,
                Folds = decision.Folds,
                Images = decision.Images,
                Candidates =
                [
                    .. decision.Candidates.Select(c => new MethodScore
                    {
                        Method = c.Method.To<Method>(),
                        Nll = c.Loss,
                        Accuracy = c.Accuracy,
                        Difference = c.Difference,
                        StandardError = c.StandardError,
                    }),
                ],
            }
        );
    }

    private NewVersion VersionOf(JobAssignment job, TrialResult result, StoredBlob state, MethodChoice? choice) =>
        new(
            new VersionInfo
            {
                Version = 0, // the task numbers it
                Phase =
                    !MethodTraits.Of(result.Settings.Method).Serves ? VersionPhase.Comparison
                    : result.Rejected ? VersionPhase.Rejected
                    : VersionPhase.Ready,
                Active = false,
                Method = result.Settings.Method.To<Method>(),
                Seed = result.Settings.Seed,
                Job = job.Key.Id,
                Examples = result.Examples,
                Steps = result.Steps,
                TrainedParameters = result.TrainedParameters,
                Seconds = result.DeviceSeconds,
                StateBytes = state.Length,
                Digest = state.Digest,
                BackboneDigest = result.State.BackboneDigest,
                Profile = result.State.Profile,
                Metrics = MetricsOf(result),
                Created = time.GetUtcNow(),
                CachedTo = result.CachedTo,
                Choice = choice,
                Settings = TrialSettings.Named(result.Settings),
                Readout = result.Readout is { } readout ? ReadoutChoices.Of(readout) : null,
            },
            result.Rejected
        )
        {
            Curve = [.. result.Curve.Select(p => new CurvePoint(p.Step, p.Loss, p.HeldOutLoss, p.HeldOutAccuracy))],
        };

    private static VersionMetrics MetricsOf(TrialResult result)
    {
        var (test, untouched) = (result.Metrics.Test, result.Metrics.BaseTest);
        return new VersionMetrics
        {
            Accuracy = test?.Accuracy,
            BalancedAccuracy = test?.BalancedAccuracy,
            F1 = test?.F1,
            Ece = test?.Ece,
            Nll = test?.Nll,
            BaseNll = untouched?.Nll,
            BaseAccuracy = untouched?.Accuracy,
            TestImages = test?.Images ?? 0,
            HeldOutAccuracy = result.Metrics.HeldOutAccuracy,
            HeldOutNll = result.Metrics.HeldOutLoss,
            Gate = result.Kept ?? result.Gate?.Reason,
            Precision = test?.Precision,
            Recall = test?.Recall,
            CalibratedEce = result.Metrics.Calibrated?.Ece,
            CalibratedNll = result.Metrics.Calibrated?.Nll,
            Temperature = result.Metrics.Calibrated?.Temperature,
        };
    }

    private sealed class Observer(JobRun run) : IAdaptationObserver
    {
        public void Report(AdaptationProgress progress) =>
            run.Report(
                new JobProgress
                {
                    Fraction = progress.Fraction,
                    Activity = progress.Activity,
                    ImagesPerSecond = progress.ImagesPerSecond,
                    SecondsLeft = progress.SecondsLeft,
                    Loss = progress.Loss,
                    Accuracy = progress.Accuracy,
                    Trials =
                    [
                        .. progress.Trials.Select(trial => new TrialProgress
                        {
                            Method = trial.Method.To<Method>(),
                            Seed = trial.Seed,
                            Step = trial.Step,
                            Steps = trial.Steps,
                            Loss = trial.Loss,
                            Accuracy = trial.Accuracy,
                        }),
                    ],
                }
            );

        public async ValueTask Checkpoint(byte[] state) => await run.Checkpoint(state).ConfigureAwait(false);
    }
}
