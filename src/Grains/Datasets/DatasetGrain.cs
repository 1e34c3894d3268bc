using ComodCluster.Api;
using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Datasets;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using ComodCluster.Grains.Storage.Collection;
using ComodCluster.Grains.Workers;

namespace ComodCluster.Grains.Datasets;

internal sealed class DatasetGrain : Grain, IDatasetGrain
{
    private readonly string _uid;
    private readonly StoredRow<ObjectRow, DatasetInfo> _stored;
    private readonly BlobCollector _collector;
    private readonly DatasetSources _sources;
    private readonly WorkerList _workers;
    private readonly TimeProvider _time;

    public DatasetGrain(
        CatalogDatabase catalog,
        BlobCollector collector,
        DatasetSources sources,
        WorkerList workers,
        TimeProvider time
    )
    {
        (_collector, _sources, _workers, _time) = (collector, sources, workers, time);
        _uid = ObjectKey.Parse(this.GetPrimaryKeyString()).Uid;
        _stored = new(catalog, StoredDatasets.Layout.At(_uid));
    }

    public async Task<JobInfo> Create(string tenant, DatasetSpec spec, string? jobId, CancellationToken cancellation)
    {
        // The archive of a request that begins nothing is left to the sweep: another request may have stored the same
        // bytes and not named them yet.
        await _stored.Load(cancellation);
        Names.Check(spec.Name, "dataset");
        if (jobId is not null)
            Names.Check(jobId, "job");
        if (
            _stored.Value is { } known
            && jobId is not null
            && known.Job == jobId
            && CatalogJson.Write(Asked(known.Source)) == CatalogJson.Write(Asked(spec.Source))
        )
            return await GrainFactory.Job(new(new(tenant), jobId)).Get(cancellation);
        return await Begin(tenant, spec, jobId ?? JobNames.New(_time), cancellation);
    }

    public async Task CheckFree(CancellationToken cancellation)
    {
        await _stored.Load(cancellation);
        if (_stored.Value is { } known && !CanBegin(known))
            throw Taken(known.Name);
    }

    public async Task<DatasetInfo> Get(CancellationToken cancellation) => await Alive(cancellation);

    public async Task Complete(ImportOutcome outcome, CancellationToken cancellation)
    {
        await _stored.Refresh(cancellation);
        if (_stored.Value is not { Phase: DatasetPhase.Importing } info || info.Job != outcome.Job)
            return;
        var phase = DatasetLifecycle
            .Next(info.Phase, outcome.Error is null ? DatasetEvent.Imported : DatasetEvent.ImportFailed)!
            .Value;
        await _stored.Save(
            info with
            {
                Phase = phase,
                Labels = outcome.Labels,
                Classes = outcome.Classes,
                TrainImages = outcome.TrainImages,
                TestImages = outcome.TestImages,
                Bytes = outcome.Bytes,
                Digest = outcome.Digest,
                Reason = outcome.Error?.Message,
                Report = outcome.Report,
            },
            AlongWrite.Nothing,
            cancellation
        );
    }

    public async Task Delete(CancellationToken cancellation)
    {
        await _stored.Refresh(cancellation);
        var info = await Alive(cancellation);
        await _stored.Save(
            info with
            {
                Phase = DatasetPhase.Deleted,
            },
            new AlongWrite
            {
                MakesRoom = true,
                Change = (catalog, stop) => ObjectNeeds.ThrowIfNeeded(catalog, _uid, "data set", info.Name, stop),
            },
            cancellation
        );
        if (info.Phase == DatasetPhase.Importing)
            await GrainFactory.Job(new(_stored.Tenant, info.Job)).CancelIfUnfinished(cancellation);
        if (info.Digest is { } digest)
        {
            await _collector.DropQuietly(_stored.Tenant, digest);
            await _workers.Forget(_stored.Tenant, pack: digest, backbone: null);
        }
        DeactivateOnIdle();
    }

    private async Task<JobInfo> Begin(string tenant, DatasetSpec spec, string jobId, CancellationToken cancellation)
    {
        await _sources.Check(new(tenant), spec.Source, cancellation);
        var now = _time.GetUtcNow();
        var info = new DatasetInfo
        {
            Uid = _uid,
            Name = spec.Name,
            Phase = DatasetPhase.Importing,
            Source = spec.Source,
            Job = jobId,
            Created = now,
        };
        var job = JobSpec.Of(new(new(tenant), jobId), _uid, spec.Name, new ImportPayload(spec.Source));
        if (_stored.Value is not { } before)
            await _stored.Create(
                format => StoredDatasets.Layout.NewRow(_uid, new(tenant), spec.Name, info, now, format),
                new AlongWrite { Row = new NewJob(job, now) },
                cancellation
            );
        else if (CanBegin(before))
            await _stored.Save(info, new AlongWrite { Row = new NewJob(job, now) }, cancellation);
        else
            throw Taken(spec.Name);
        // Stored is accepted: what fails from here on is taken up by the scan.
        return await GrainFactory.Job(new(new(tenant), jobId)).Submit(job, CancellationToken.None);
    }

    private static object Asked(DatasetSource source) => new ImportPayload(source).Asked;

    private static bool CanBegin(DatasetInfo known) =>
        DatasetLifecycle.Next(known.Phase, DatasetEvent.ImportAgain) is not null;

    private static ComodException Taken(string name) =>
        ComodException.Conflict(
            ErrorCodes.NameTaken,
            $"There is a data set named '{name}' already; take another name, or delete that one first."
        );

    private async Task<DatasetInfo> Alive(CancellationToken cancellation)
    {
        await _stored.Load(cancellation);
        return _stored.Value is { } info && info.Phase != DatasetPhase.Deleted
            ? info
            : throw ComodException.NotFound("dataset", _stored.Value?.Name ?? _uid);
    }
}
