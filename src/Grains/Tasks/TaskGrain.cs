using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Contracts.Tasks;
using ComodCluster.Engine;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;
using ComodCluster.Grains.Backbones;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using ComodCluster.Grains.Telemetry;
using ComodCluster.Grains.Workers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ReadoutMode = ComodCluster.Api.Tasks.ReadoutMode;

namespace ComodCluster.Grains.Tasks;

[WorkerPlacement(Placed.AsObject)]
internal sealed partial class TaskGrain : Grain, ITaskGrain, ITaskReports
{
    private readonly string _uid;
    private readonly StoredRow<ObjectRow, StoredTask> _stored;
    private readonly CatalogDatabase _catalog;
    private readonly BlobStore _blobs;
    private readonly TaskEngine _engine;
    private readonly BackboneResidency _backbones;
    private readonly TaskBinding _binding;
    private readonly ResidentTasks _residents;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // The version that was active when it was last needed. Predictions interleave with everything else and read only
    // this and _stored.Value, so that they go on while the storage is away.
    private Served? _served;

    public TaskGrain(
        CatalogDatabase catalog,
        BlobStore blobs,
        TaskEngine engine,
        BackboneResidency backbones,
        TaskBinding binding,
        ResidentTasks residents,
        TimeProvider time,
        ILogger<TaskGrain> logger
    )
    {
        (_catalog, _blobs, _engine, _backbones, _binding, _residents, _time, _logger) = (
            catalog,
            blobs,
            engine,
            backbones,
            binding,
            residents,
            time,
            logger
        );
        _uid = ObjectKey.Parse(this.GetPrimaryKeyString()).Uid;
        _stored = new(catalog, StoredTasks.Layout.At(_uid));
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _residents.Entered();
        return _stored.Load(cancellationToken);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _residents.Left();
        return Task.CompletedTask;
    }

    public async Task<TaskInfo> Create(string tenant, TaskSpec spec, CancellationToken cancellation)
    {
        Names.Check(spec.Name, "task");
        RemovedSettings.RefuseIn(spec.Options);
        await _stored.Load(cancellation);
        if (_stored.Value is { } existing)
        {
            return existing.Info.Phase != TaskPhase.Deleted && StoredTasks.IsSame(existing.Info.Spec, spec)
                ? existing.Info
                : throw StoredTasks.Layout.NameTaken(spec.Name);
        }
        var now = _time.GetUtcNow();
        var task = await _binding.Bind(_uid, new(tenant), spec, now, cancellation);
        await _stored.Create(
            format => StoredTasks.Layout.NewRow(_uid, new(tenant), spec.Name, task, now, format),
            new AlongWrite
            {
                Change = (catalog, stop) => catalog.Link(_uid, [task.BackboneUid, task.DatasetUid], stop),
            },
            cancellation
        );
        return task.Info;
    }

    public async Task<TaskInfo> Get(CancellationToken cancellation) => (await Alive(cancellation)).Info;

    public async Task<JobInfo> Adapt(AdaptRequest request, CancellationToken cancellation)
    {
        RemovedSettings.RefuseIn(request.Options);
        var task = await AliveNow(cancellation);
        var id = request.Id is null ? JobNames.New(_time) : Names.Check(request.Id, "job");
        var spec = JobSpec.Of(
            new(_stored.Tenant, id),
            _uid,
            task.Info.Spec.Name,
            new AdaptPayload(request, task.Info.ActiveVersion)
        );
        var job = GrainFactory.Job(spec.Key);
        if (await _catalog.FindJobSpec(spec.Key, cancellation) is { } known)
            return JobRequests.AskTheSame(known, spec) ? await job.Get(cancellation) : throw NewJob.Conflict(id);
        TrialSettings.RequireExperimental(request);
        _ = TrialSettings.Of(task.Info.Spec.Options, request, task.Form);
        if (request.Priority is < -100 or > 100)
            throw ComodException.Invalid(
                ErrorCodes.RequestInvalid,
                $"The priority is {request.Priority}; choose -100 to 100."
            );
        var phase =
            TaskLifecycle.Next(task.Info.Phase, TaskEvent.AdaptStarted, task.Info.LatestVersion > 0)
            ?? throw ComodException.Conflict(
                ErrorCodes.JobConflict,
                $"The task '{task.Info.Spec.Name}' is adapting already; wait for its job '{task.Job}', or cancel it."
            );
        await _stored.Save(
            task with
            {
                Info = task.Info with { Phase = phase, Reason = null },
                Job = id,
            },
            new AlongWrite { Row = new NewJob(spec, _time.GetUtcNow()) },
            cancellation
        );
        // Stored is accepted: what fails from here on is taken up by the scan.
        Affinities.Announce(TaskAffinity.Of(_stored.Tenant, task.Info.Spec));
        return await job.Submit(spec, CancellationToken.None);
    }

    public async Task<PredictResponse> Predict(IReadOnlyList<byte[]> images, CancellationToken cancellation)
    {
        var task =
            _stored.Value is { } known && known.Info.Phase != TaskPhase.Deleted ? known : await Alive(cancellation);
        if (_served?.Version != task.Info.ActiveVersion)
            _served = Serve(task.Info.ActiveVersion);
        var served = _served;
        if (served.Version == 0 && task.Info.Readout == ReadoutMode.Own)
            throw NoVersion(task);
        if (images.Count == 0)
            throw ComodException.Invalid(ErrorCodes.RequestInvalid, "There is no image to predict; send at least one.");
        var state = await served.Get(cancellation);
        await _backbones.Ensure(_stored.Tenant, state.BackboneDigest, cancellation);
        var probabilities = await _engine.Predict(state, images, _stored.Tenant.Value, cancellation);
        if (probabilities.Any(p => !p.All(float.IsFinite)))
            throw new InputException(
                "prediction-not-finite",
                $"The network of the task '{task.Info.Spec.Name}' gives no finite answer to an image, since its weights "
                    + "are too large; use a backbone with others, or activate another version."
            );
        return new PredictResponse
        {
            Task = task.Info.Spec.Name,
            Version = served.Version,
            Classes = task.Info.Classes,
            Predictions = [.. probabilities.Select(p => new Prediction(Label(task, p), p))],
        };
    }

    public async Task<IReadOnlyList<VersionInfo>> Versions(CancellationToken cancellation)
    {
        var task = await Alive(cancellation);
        var rows = await Rows(cancellation);
        return [.. rows.Select(row => CatalogJson.Read<StoredVersion>(row.Payload, row.Schema).Of(task.Info))];
    }

    public async Task<VersionMaps> Maps(int version, CancellationToken cancellation)
    {
        await Alive(cancellation);
        var row = await Row(version, cancellation);
        var state = await ReadState(version, row.Digest, cancellation);
        return new VersionMaps
        {
            Version = version,
            Channel = state.Channel,
            Spatial = state.Spatial,
            GridHeight = state.GridHeight,
            GridWidth = state.GridWidth,
            DecoderGain = state.DecoderGain,
            Curve = CatalogJson.Read<StoredVersion>(row.Payload, row.Schema).Curve,
        };
    }

    public async Task<TaskInfo> Activate(int version, CancellationToken cancellation)
    {
        if (version < 0)
            throw ComodException.Invalid(
                ErrorCodes.RequestInvalid,
                $"There is no version {version}; activate one from 1 on, or 0 for the base."
            );
        var task = await AliveNow(cancellation);
        if (version == 0 && task.Info.Readout == ReadoutMode.Own)
            throw NoVersion(task);
        var served = Serve(version);
        if (version > 0)
        {
            var row = await Row(version, cancellation);
            RequireServed(CatalogJson.Read<StoredVersion>(row.Payload, row.Schema).Info);
            served = await Warm(version, row.Digest, cancellation);
        }
        if (version != task.Info.ActiveVersion)
            await _stored.Save(
                task with
                {
                    Info = task.Info with { ActiveVersion = version },
                },
                AlongWrite.Nothing,
                cancellation
            );
        _served = served;
        return _stored.Value!.Info;
    }

    public Task Complete(JobOutcome outcome, CancellationToken cancellation) => Ended(outcome);

    public async Task<IReadOnlyList<int>> Ended(JobOutcome outcome)
    {
        await _stored.Refresh(CancellationToken.None);
        if (_stored.Value is not { Info.Phase: TaskPhase.Adapting } task || task.Job != outcome.Job)
            return await MadeBy(outcome.Job);
        var next = TaskCompletion.Of(task, outcome, out var versions);
        var served =
            next.Info.ActiveVersion == task.Info.ActiveVersion
                ? null
                : await Warm(next.Info.ActiveVersion, versions[0].Info.Digest, CancellationToken.None);
        try
        {
            await _stored.Save(
                next,
                new AlongWrite { Change = (catalog, stop) => Append(catalog, outcome, versions, stop) },
                CancellationToken.None
            );
        }
        catch (OutdatedRunException)
        {
            LogOutdated(_logger, outcome.Job, outcome.Epoch);
            return await MadeBy(outcome.Job);
        }
        if (served is not null)
            _served = served;
        return [.. versions.Select(version => version.Info.Version)];
    }

    public async Task Delete(CancellationToken cancellation)
    {
        var task = await AliveNow(cancellation);
        if (task.Info.Phase == TaskPhase.Adapting)
            await GrainFactory.Job(new(_stored.Tenant, task.Job!)).CancelIfUnfinished(cancellation);
        await _stored.Save(
            task with
            {
                Info = task.Info with { Phase = TaskPhase.Deleted },
            },
            new AlongWrite { MakesRoom = true },
            cancellation
        );
        DeactivateOnIdle();
    }

    private async Task<StoredTask> AliveNow(CancellationToken cancellation)
    {
        await _stored.Refresh(cancellation);
        return await Alive(cancellation);
    }

    private async Task<StoredTask> Alive(CancellationToken cancellation)
    {
        await _stored.Load(cancellation);
        return _stored.Value is { } task && task.Info.Phase != TaskPhase.Deleted
            ? task
            : throw ComodException.NotFound("task", _stored.Value?.Info.Spec.Name ?? _uid);
    }

    private Served Serve(int version) =>
        version == 0
            ? new Served(0, Base)
            : new Served(
                version,
                async () =>
                {
                    var row = await Row(version, CancellationToken.None);
                    return ServedTask.Of(await ReadState(version, row.Digest, CancellationToken.None));
                }
            );

    /// <summary>
    /// Read before it becomes the active one: a version whose state is damaged never replaces one that answers, and the
    /// first prediction after the change needs neither catalog nor blobs.
    /// </summary>
    private async Task<Served> Warm(int version, string digest, CancellationToken cancellation)
    {
        var served = new Served(
            version,
            async () => ServedTask.Of(await ReadState(version, digest, CancellationToken.None))
        );
        await served.Get(cancellation);
        return served;
    }

    private async Task<TaskState> ReadState(int version, string digest, CancellationToken cancellation) =>
        TaskState.Parse(await _blobs.ReadAllAsync(_stored.Tenant, digest, cancellation, Use(version)));

    private BlobUse Use(int version) =>
        BlobUse.Restorable(
            $"The state of version {version} of the task '{_stored.Value!.Info.Spec.Name}'",
            "activate another version (0 is the base)"
        );

    private Task<ServedTask> Base()
    {
        var task = _stored.Value!;
        return Task.FromResult(ServedTask.Base(task.Definition(), task.BackboneDigest));
    }

    private Task<List<VersionRow>> Rows(CancellationToken cancellation)
    {
        return _catalog.Read(
            (catalog, stop) => catalog.Versions.Where(v => v.TaskUid == _uid).OrderBy(v => v.Number).ToListAsync(stop),
            cancellation
        );
    }

    private Task<IReadOnlyList<int>> MadeBy(string job) =>
        _catalog.Read((catalog, stop) => catalog.MadeBy(_uid, job, stop), CancellationToken.None);

    private async Task<VersionRow> Row(int version, CancellationToken cancellation)
    {
        return await _catalog.Read(
                (catalog, stop) =>
                    catalog.Versions.SingleOrDefaultAsync(v => v.TaskUid == _uid && v.Number == version, stop),
                cancellation
            )
            ?? throw new ComodException(
                ErrorCodes.NotFound,
                404,
                $"The task '{_stored.Value!.Info.Spec.Name}' has no version {version}; it has "
                    + $"{_stored.Value.Info.LatestVersion} versions, and 0 is the base."
            );
    }

    private async Task Append(
        CatalogContext catalog,
        JobOutcome outcome,
        IReadOnlyList<StoredVersion> versions,
        CancellationToken cancellation
    )
    {
        // The fence: a run whose epoch is no longer the job's changes nothing, whatever it believes.
        if ((await catalog.HoldJob(new(_stored.Tenant, outcome.Job), cancellation))?.Epoch != outcome.Epoch)
            throw new OutdatedRunException();
        catalog.Versions.AddRange(
            versions.Select(version => new VersionRow
            {
                TaskUid = _uid,
                Number = version.Info.Version,
                Job = outcome.Job,
                Digest = version.Info.Digest,
                Schema = catalog.Format,
                Payload = CatalogJson.Write(version),
            })
        );
    }

    private static string Label(StoredTask task, float[] probabilities) =>
        task.Attributes
            ? string.Join(',', task.Info.Classes.Where((_, i) => probabilities[i] >= 0.5f))
            : task.Info.Classes[Array.IndexOf(probabilities, probabilities.Max())];

    private static void RequireServed(VersionInfo version)
    {
        if (version.Phase == VersionPhase.Comparison)
            throw ComodException.Conflict(
                ErrorCodes.VersionComparison,
                $"Version {version.Version} is kept for comparison and cannot be activated: method "
                    + $"'{CatalogJson.Name(version.Method)}' leaves a copy of the network, "
                    + $"{version.StateBytes >> 10} KB, and many of those do not fit beside each other; activate a "
                    + $"version of another method."
            );
    }

    private static ComodException NoVersion(StoredTask task) =>
        ComodException.Conflict(
            ErrorCodes.NoVersion,
            task.Info.LatestVersion == 0
                ? $"The task '{task.Info.Spec.Name}' has classes of its own and no version yet; adapt it first."
                : $"The task '{task.Info.Spec.Name}' has classes of its own, which the base does not know; activate "
                    + $"one of its versions."
        );

    [LoggerMessage(
        GrainEvents.ResultOutdated,
        LogLevel.Warning,
        "Epoch {Epoch} of job {Job} is outdated; its result was dropped."
    )]
    private static partial void LogOutdated(ILogger logger, string job, long epoch);
}
