using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Datasets;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Engine.Data.Clutter;
using ComodCluster.Engine.Data.Import;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Collection;

namespace ComodCluster.Grains.Datasets;

/// <summary>Makes the pack of a data set. Begins anew after a restart: it has no checkpoints.</summary>
internal sealed class ImportWork(BlobStore blobs, BlobCollector collector, DatasetSources sources, IGrainFactory grains)
    : IJobWork
{
    private const int FileBuffer = 1 << 16;

    public JobKind Kind => JobKind.Import;

    public int AtOnce => 2;

    public async Task<IReadOnlyList<int>> Run(JobAssignment job, JobRun run, CancellationToken cancellation)
    {
        var path = blobs.TemporaryPath();
        try
        {
            var (manifest, report) = await Write(job, path, run, cancellation).ConfigureAwait(false);
            var pack = await blobs.AdoptAsync(job.Key.Tenant, path, cancellation).ConfigureAwait(false);
            await Dataset(job)
                .Complete(
                    new ImportOutcome
                    {
                        Job = job.Key.Id,
                        Digest = pack.Digest,
                        Labels = manifest.Kind == DatasetKind.Classes ? LabelKind.Classes : LabelKind.Attributes,
                        Classes = manifest.Names,
                        TrainImages = manifest.Train.Images,
                        TestImages = manifest.Test.Images,
                        Bytes = pack.Length,
                        Report = report,
                    },
                    CancellationToken.None
                )
                .ConfigureAwait(false);
            return [];
        }
        finally
        {
            File.Delete(path);
        }
    }

    public Task Fail(JobAssignment job, JobError error) =>
        Dataset(job).Complete(new ImportOutcome { Job = job.Key.Id, Error = error }, CancellationToken.None);

    public async Task CleanUp(JobAssignment job)
    {
        var source = SourceOf(job);
        if (source.Blob is { } archive)
            await collector.DropQuietly(job.Key.Tenant, archive, source.Stored).ConfigureAwait(false);
    }

    private async Task<(DatasetManifest, ImportReport?)> Write(
        JobAssignment job,
        string path,
        JobRun run,
        CancellationToken cancellation
    )
    {
        var source = SourceOf(job);
        switch (source.Kind)
        {
            case DatasetSourceKind.Upload:
                await using (
                    var archive = await blobs
                        .OpenAsync(
                            job.Key.Tenant,
                            source.Blob!,
                            cancellation,
                            new($"The uploaded archive of the data set '{job.Spec.Subject}'", "upload it again")
                        )
                        .ConfigureAwait(false)
                )
                {
                    blobs.RequireRoom(archive.Length);
                    var imported = DatasetImport.FromArchive(
                        archive,
                        path,
                        source.Options(),
                        new Progress(run),
                        cancellation
                    );
                    return (imported.Manifest, imported.Report.ToApi());
                }
            case DatasetSourceKind.Scenes:
                return await Draw(DatasetSources.CanvasOf(source, DatasetSources.Scenes()), path, run, cancellation)
                    .ConfigureAwait(false);
            default:
                using (
                    var pack = await sources
                        .Open(job.Key.Tenant, DatasetSources.FromOf(source), cancellation)
                        .ConfigureAwait(false)
                )
                    return await Draw(DatasetSources.CanvasOf(source, new PackObjects(pack)), path, run, cancellation)
                        .ConfigureAwait(false);
        }
    }

    private static async Task<(DatasetManifest, ImportReport?)> Draw(
        ClutterCanvases canvases,
        string path,
        JobRun run,
        CancellationToken cancellation
    )
    {
        run.Report(new JobProgress { Fraction = 0, Activity = "drawing canvases" });
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileBuffer);
        var manifest = canvases.WritePack(file, cancellation);
        file.Flush(flushToDisk: true);
        return (manifest, null);
    }

    private static DatasetSource SourceOf(JobAssignment job) => ((ImportPayload)job.Spec.Payload).Source;

    private IDatasetGrain Dataset(JobAssignment job) => grains.Dataset(job.Spec.SubjectUid);

    private sealed class Progress(JobRun run) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) =>
            run.Report(
                new JobProgress
                {
                    Fraction = value.Total == 0 ? 0 : (double)value.Images / value.Total,
                    Activity = $"packed {value.Images:N0} of {value.Total:N0} images",
                }
            );
    }
}
