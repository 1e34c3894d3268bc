using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ComodCluster.Api;
using ComodCluster.Api.Backups;
using ComodCluster.Grains.Storage.Backup;
using ComodCluster.Silo.Problems;
using ComodCluster.Silo.Telemetry;

namespace ComodCluster.Silo.Api.Backups;

/// <summary>
/// Runs a backup and tells how far it is: <c>progress</c> ..., then <c>done</c> or <c>failed</c>. It ends where nobody
/// reads any more, or the process stops.
/// </summary>
public sealed partial class BackupEvents(
    BackupRun run,
    string directory,
    TimeProvider time,
    ILogger<BackupEvents> logger,
    CancellationToken stopping
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public const string Progress = "progress";
    public const string Done = "done";
    public const string Failed = "failed";

    public async IAsyncEnumerable<SseItem<BackupProgress>> Read([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        var work = Task.Run(() => run.Copy(ending.Token), CancellationToken.None);
        try
        {
            do yield return new(Show(run.State.HasCatalog ? BackupPhase.Blobs : BackupPhase.Catalog), Progress);
            while (
                await Task.WhenAny(work, Task.Delay(Pause, time, ending.Token)) != work
                && !ending.IsCancellationRequested
            );
            await Settled(work);
            // Who hears of the end may begin the next one.
            await run.DisposeAsync();
            yield return work.IsCompletedSuccessfully ? new(Show(BackupPhase.Done), Done) : new(Failure(work), Failed);
        }
        finally
        {
            await ending.CancelAsync();
            await Settled(work);
        }
    }

    private static Task Settled(Task work) =>
        work.ContinueWith(
            static _ => { },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

    private BackupProgress Failure(Task work)
    {
        var refusal = work.Exception?.InnerException is { } cause
            ? ExceptionRefusal.Of(cause) ?? Unforeseen(cause)
            : new(HttpCodes.Unavailable, 503, "The silo stops; back up again once it is back, or by another one.");
        return Show(BackupPhase.Failed) with { Error = new(refusal.Code, refusal.Detail) };
    }

    private Refusal Unforeseen(Exception cause)
    {
        LogFailed(directory, cause);
        return new(ErrorCodes.Internal, 500, "The backup failed; the log of the silo says more.");
    }

    private BackupProgress Show(BackupPhase phase)
    {
        var state = run.State;
        return new()
        {
            Directory = directory,
            Number = state.Number,
            Phase = phase,
            Blobs = state.Blobs,
            Bytes = state.Bytes,
            BlobsDone = state.BlobsDone,
            BytesDone = state.BytesDone,
            BlobsCopied = state.BlobsCopied,
            BytesCopied = state.BytesCopied,
            Lost = state.Lost,
        };
    }

    [LoggerMessage(SiloEvents.BackupFailed, LogLevel.Error, "The backup into {Directory} failed.")]
    private partial void LogFailed(string directory, Exception failure);
}
