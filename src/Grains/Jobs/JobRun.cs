using System.Threading.Channels;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Collection;
using ComodCluster.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Jobs;

/// <summary>What a running job reports: progress at most ten times a second, checkpoints as they come.</summary>
internal sealed partial class JobRun : IAsyncDisposable
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(100);

    private readonly JobAssignment _job;
    private readonly IJobReports _reports;
    private readonly BlobStore _blobs;
    private readonly BlobCollector _collector;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<JobProgress> _latest = Channel.CreateBounded<JobProgress>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }
    );
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _pump;
    private StoredBlob? _checkpoint;
    private bool _unheard;

    public JobRun(
        JobAssignment job,
        IJobReports reports,
        BlobStore blobs,
        BlobCollector collector,
        TimeProvider time,
        ILogger logger,
        CancellationToken handOver
    )
    {
        (_job, _reports, _blobs, _collector, _time, _logger, HandOver) = (
            job,
            reports,
            blobs,
            collector,
            time,
            logger,
            handOver
        );
        _pump = Task.Run(Pump, CancellationToken.None);
    }

    /// <summary>The run is to store a last checkpoint, where its kind has them, and end.</summary>
    public CancellationToken HandOver { get; }

    /// <summary>The run's stay among the jobs at work; null while it waits.</summary>
    public JobCompany.Stay? Stay { get; set; }

    /// <summary>Estimate; null before the first progress.</summary>
    public double? SecondsLeft { get; private set; }

    /// <summary>Never blocks; what the reader did not get to is replaced.</summary>
    public void Report(JobProgress progress)
    {
        SecondsLeft = progress.SecondsLeft;
        _latest.Writer.TryWrite(progress);
    }

    /// <summary>
    /// Stores a checkpoint, names it in the job's row and drops the one before. Where the disk refuses it the job goes
    /// on: its earlier checkpoint still holds.
    /// </summary>
    /// <exception cref="OutdatedRunException">A later run has taken over.</exception>
    public async Task Checkpoint(byte[] state)
    {
        StoredBlob stored;
        bool accepted;
        try
        {
            stored = await _blobs.PutAsync(_job.Key.Tenant, state, CancellationToken.None).ConfigureAwait(false);
            accepted = await _reports.Checkpointed(_job.Epoch, stored.Digest).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e
                    is ComodException { Code: ErrorCodes.StorageFull or ErrorCodes.StorageUnavailable }
                        or TimeoutException
            )
        {
            // On a machine without breath a grain may not answer in time; whether it named this checkpoint or not, one
            // that holds is named.
            LogCheckpointFailed(_logger, _job.Key.Id, e.Message);
            return;
        }
        if (!accepted)
            throw new OutdatedRunException();
        Stay?.Join();
        var before = _checkpoint;
        _checkpoint = stored;
        if (before is not null && before.Digest != stored.Digest)
            await Drop(before.Digest, before.Kept).ConfigureAwait(false);
        else if (before is null && _job.Checkpoint is { } first && first != stored.Digest)
            await Drop(first).ConfigureAwait(false);
    }

    /// <summary>
    /// The checkpoint's bytes that the run goes on from; null where there is none, or it is damaged and the job must
    /// begin anew.
    /// </summary>
    public async Task<byte[]?> ReadCheckpoint(CancellationToken cancellation)
    {
        if (_job.Checkpoint is not { } digest)
            return null;
        try
        {
            return await _blobs.ReadAllAsync(_job.Key.Tenant, digest, cancellation).ConfigureAwait(false);
        }
        catch (ComodException e) when (e.Code == ErrorCodes.BlobDamaged)
        {
            LogCheckpointDamaged(_logger, _job.Key.Id, e.Message);
            return null;
        }
    }

    /// <summary>Once the job's row no longer names a checkpoint.</summary>
    public async Task DropCheckpoints()
    {
        if (_checkpoint is { } last)
            await Drop(last.Digest, last.Kept).ConfigureAwait(false);
        else if (_job.Checkpoint is { } first)
            await Drop(first).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _latest.Writer.TryComplete();
        await _ended.CancelAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        _ended.Dispose();
    }

    private Task Drop(string digest, DateTimeOffset? kept = null) =>
        _collector.DropQuietly(_job.Key.Tenant, digest, kept);

    private async Task Pump()
    {
        try
        {
            await foreach (var progress in _latest.Reader.ReadAllAsync(_ended.Token).ConfigureAwait(false))
            {
                await Report(_job.Epoch, progress).ConfigureAwait(false);
                await Task.Delay(BetweenReports, _time, _ended.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The run has ended; its last report says more.
        }
    }

    private async Task Report(long epoch, JobProgress progress)
    {
        try
        {
            await _reports.Progressed(epoch, progress).ConfigureAwait(false);
            _unheard = false;
        }
        catch (Exception e)
        {
            // The next report may be heard again.
            if (!_unheard)
                LogProgressFailed(_logger, _job.Key.Id, e);
            _unheard = true;
        }
    }

    [LoggerMessage(
        GrainEvents.CheckpointNotStored,
        LogLevel.Warning,
        "A checkpoint of job {Job} was not stored: {Reason}"
    )]
    private static partial void LogCheckpointFailed(ILogger logger, string job, string reason);

    [LoggerMessage(
        GrainEvents.CheckpointUnusable,
        LogLevel.Warning,
        "The job {Job} begins anew, since its checkpoint cannot be used: {Reason}"
    )]
    private static partial void LogCheckpointDamaged(ILogger logger, string job, string reason);

    [LoggerMessage(
        GrainEvents.ProgressNotReported,
        LogLevel.Warning,
        "The progress of job {Job} cannot be reported at the moment."
    )]
    private static partial void LogProgressFailed(ILogger logger, string job, Exception failure);
}
