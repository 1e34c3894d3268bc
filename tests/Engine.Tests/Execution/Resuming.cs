using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Tests.Execution;

internal static class Resuming
{
    /// <summary>
    /// A job that ends at its first checkpoint and goes on in another engine leaves the states of one that was never
    /// interrupted.
    /// </summary>
    public static async Task GivesTheSameBits(ReadoutMode mode, TaskSettings[] rows, CancellationToken cancellation)
    {
        using var pack = Tiny.Pack();
        var options = Tiny.Options with { CheckpointEvery = TimeSpan.FromMilliseconds(100) };
        byte[]? kept = null;
        IReadOnlyList<TrialResult> whole;
        await using (var engine = await Tiny.Engine(options))
        {
            whole = await engine.Adapt(Tiny.Work(pack, mode, rows), new Recorder(), cancellation);
            using var stop = new CancellationTokenSource();
            var recorder = new Recorder
            {
                OnCheckpoint = state =>
                {
                    kept ??= state;
                    stop.Cancel();
                },
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                engine.Adapt(Tiny.Work(pack, mode, rows), recorder, stop.Token)
            );
        }
        Assert.NotNull(kept);
        await using (var engine = await Tiny.Engine(options))
        {
            var resumed = await engine.Adapt(
                Tiny.Work(pack, mode, rows) with
                {
                    Checkpoint = kept,
                },
                new Recorder(),
                cancellation
            );
            Assert.Equal(whole.Select(row => row.State.Serialize()), resumed.Select(row => row.State.Serialize()));
        }
    }
}
