using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Backbones;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Engine.Backbones;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using ComodCluster.Grains.Storage.Collection;
using ComodCluster.Grains.Workers;

namespace ComodCluster.Grains.Backbones;

internal sealed class BackboneGrain : Grain, IBackboneGrain
{
    private readonly string _uid;
    private readonly StoredRow<ObjectRow, BackboneInfo> _stored;
    private readonly CatalogDatabase _catalog;
    private readonly BackboneResidency _residency;
    private readonly BackboneTrainingPlan _plan;
    private readonly WorkerList _workers;
    private readonly BlobCollector _collector;
    private readonly TimeProvider _time;

    public BackboneGrain(
        CatalogDatabase catalog,
        BackboneResidency residency,
        BackboneTrainingPlan plan,
        WorkerList workers,
        BlobCollector collector,
        TimeProvider time
    )
    {
        (_catalog, _residency, _plan, _workers, _collector, _time) = (
            catalog,
            residency,
            plan,
            workers,
            collector,
            time
        );
        _uid = ObjectKey.Parse(this.GetPrimaryKeyString()).Uid;
        _stored = new(catalog, StoredBackbones.Layout.At(_uid));
    }

    public async Task<BackboneInfo> Register(
        string tenant,
        string name,
        string blob,
        string? architecture,
        IReadOnlyList<string>? classes,
        CancellationToken cancellation
    )
    {
        // Weights that are stored and not registered are left to the sweep: another request may have stored the same
        // bytes and not named them yet.
        await _stored.Load(cancellation);
        Names.Check(name, "backbone");
        var claim = new BackboneClaim(architecture, classes);
        if (_stored.Value is { Phase: BackbonePhase.Ready } known && known.Digest == blob)
            return Difference(known, claim) is not { } difference
                ? known
                : throw ComodException.Conflict(
                    ErrorCodes.NameTaken,
                    $"The backbone '{name}' has these weights with {difference}; take another name, or delete that one "
                        + "first."
                );
        if (_stored.Value is { } other && BackboneLifecycle.Next(other.Phase, BackboneEvent.RegisterInstead) is null)
            throw NameTaken(name);
        var summary = await _residency.Register(new(tenant), blob, name, claim, cancellation);
        var now = _time.GetUtcNow();
        var info = Described(
            new BackboneInfo
            {
                Uid = _uid,
                Name = name,
                Phase = BackbonePhase.Ready,
                Created = now,
            },
            summary
        );
        if (_stored.Value is null)
            await _stored.Create(
                format => StoredBackbones.Layout.NewRow(_uid, new(tenant), name, info, now, format),
                AlongWrite.Nothing,
                cancellation
            );
        else
            await _stored.Save(info, AlongWrite.Nothing, cancellation);
        return info;
    }

    public async Task<JobInfo> Train(string tenant, TrainBackboneRequest request, CancellationToken cancellation)
    {
        Names.Check(request.Name, "backbone");
        await _stored.Load(cancellation);
        var id = request.JobId is { } chosen ? Names.Check(chosen, "job") : JobNames.New(_time);
        var job = JobSpec.Of(new(new(tenant), id), _uid, request.Name, new TrainPayload(request));
        if (
            _stored.Value?.Job == id
            && await _catalog.FindJobSpec(job.Key, cancellation) is { } known
            && JobRequests.AskTheSame(known, job)
        )
            return await GrainFactory.Job(new(new(tenant), id)).Get(cancellation);
        await _plan.Check(new(tenant), request, cancellation);
        var now = _time.GetUtcNow();
        var info = new BackboneInfo
        {
            Uid = _uid,
            Name = request.Name,
            Phase = BackbonePhase.Training,
            Architecture = request.Architecture,
            Job = id,
            Created = now,
        };
        if (_stored.Value is not { } before)
            await _stored.Create(
                format => StoredBackbones.Layout.NewRow(_uid, new(tenant), request.Name, info, now, format),
                new AlongWrite { Row = new NewJob(job, now) },
                cancellation
            );
        else if (BackboneLifecycle.Next(before.Phase, BackboneEvent.TrainAgain) is not null)
            await _stored.Save(info, new AlongWrite { Row = new NewJob(job, now) }, cancellation);
        else
            throw NameTaken(request.Name);
        // Stored is accepted: what fails from here on is taken up by the scan.
        return await GrainFactory.Job(new(new(tenant), id)).Submit(job, CancellationToken.None);
    }

    public async Task<BackboneInfo> Get(CancellationToken cancellation) => await Alive(cancellation);

    public async Task Complete(string job, string? blob, JobError? error, CancellationToken cancellation)
    {
        await _stored.Refresh(cancellation);
        if (_stored.Value is not { Phase: BackbonePhase.Training } info || info.Job != job)
            return;
        if (error is null)
        {
            var summary = await _residency.Load(_stored.Tenant, blob!, info.Name, null, cancellation);
            await _stored.Save(
                Described(info, summary) with
                {
                    Phase = BackboneLifecycle.Next(info.Phase, BackboneEvent.Trained)!.Value,
                },
                AlongWrite.Nothing,
                cancellation
            );
        }
        else
        {
            var phase = BackboneLifecycle.Next(info.Phase, BackboneEvent.TrainingFailed)!.Value;
            await _stored.Save(info with { Phase = phase, Reason = error.Message }, AlongWrite.Nothing, cancellation);
        }
    }

    public async Task Delete(CancellationToken cancellation)
    {
        await _stored.Refresh(cancellation);
        var info = await Alive(cancellation);
        await _stored.Save(
            info with
            {
                Phase = BackbonePhase.Deleted,
            },
            new AlongWrite
            {
                MakesRoom = true,
                Change = (catalog, stop) => ObjectNeeds.ThrowIfNeeded(catalog, _uid, "backbone", info.Name, stop),
            },
            cancellation
        );
        if (info is { Phase: BackbonePhase.Training, Job: { } id })
            await GrainFactory.Job(new(_stored.Tenant, id)).CancelIfUnfinished(cancellation);
        if (info.Digest is { } digest)
        {
            await _workers.Forget(_stored.Tenant, pack: null, backbone: digest);
            await _collector.DropQuietly(_stored.Tenant, digest);
        }
        DeactivateOnIdle();
    }

    /// <summary>In what a claim about the same weights differs from the backbone that has them; null: in
    /// nothing.</summary>
    private static string? Difference(BackboneInfo known, BackboneClaim claim)
    {
        if (claim.Architecture is { } architecture && architecture != known.Architecture)
            return $"the architecture {known.Architecture}, not {architecture}";
        return claim.Classes is { Count: > 0 } classes && !classes.SequenceEqual(known.Classes)
            ? $"the classes {BackboneClaim.Shown(known.Classes)}, not {BackboneClaim.Shown(classes)}"
            : null;
    }

    private static BackboneInfo Described(BackboneInfo info, BackboneSummary summary) =>
        info with
        {
            Architecture = summary.Spec.Architecture,
            Classes = summary.Spec.Classes,
            InputSize = summary.Spec.InputSize,
            Cuts = summary.Cuts,
            FeatureWidth = summary.FeatureWidth,
            Parameters = summary.Parameters,
            Digest = summary.Digest,
            Notes = BackboneNotesText.Of(summary.Spec.Notes),
        };

    private async Task<BackboneInfo> Alive(CancellationToken cancellation)
    {
        await _stored.Load(cancellation);
        return _stored.Value is { } info && info.Phase != BackbonePhase.Deleted
            ? info
            : throw ComodException.NotFound("backbone", _stored.Value?.Name ?? _uid);
    }

    private static ComodException NameTaken(string name) =>
        ComodException.Conflict(
            ErrorCodes.NameTaken,
            $"There is a backbone named '{name}' already; take another name, or delete that one first."
        );
}
