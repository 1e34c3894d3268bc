using System.Net.ServerSentEvents;
using System.Threading.Channels;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Silo.Api.Jobs;
using Microsoft.Extensions.Time.Testing;

namespace ComodCluster.Silo.Tests.Api.Jobs;

public class JobEventsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Channel<JobInfo> _changes = Channel.CreateUnbounded<JobInfo>();
    private readonly CancellationTokenSource _stopping = new();

    [Fact]
    public async Task Read_JobThatEnds_ProgressThenDone()
    {
        Change(0.1, JobPhase.Running);
        Change(0.9, JobPhase.Running);
        Change(1, JobPhase.Succeeded);
        var events = await Read().ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            [("progress", 0.1), ("progress", 0.9), ("done", 1.0)],
            events.Select(e => (e.EventType, e.Data.Progress))
        );
    }

    [Fact]
    public async Task Read_NoChangeForKeepAlive_RepeatsTheLastState()
    {
        await using var events = Read().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Change(0.5, JobPhase.Running);
        Assert.True(await events.MoveNextAsync());
        var next = events.MoveNextAsync();
        Assert.False(next.IsCompleted);
        _time.Advance(JobEvents.KeepAlive);
        Assert.True(await next);
        Assert.Equal(("progress", 0.5), (events.Current.EventType, events.Current.Data.Progress));
    }

    [Fact]
    public async Task Read_ProcessStops_EndsWithoutDone()
    {
        await using var events = Read().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Change(0.5, JobPhase.Running);
        Assert.True(await events.MoveNextAsync());
        var next = events.MoveNextAsync();
        await _stopping.CancelAsync();
        Assert.False(await next);
    }

    [Fact]
    public async Task Read_GrainLost_EndsWithoutDone()
    {
        await using var events = Read().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Change(0.5, JobPhase.Running);
        Assert.True(await events.MoveNextAsync());
        _changes.Writer.Complete();
        Assert.False(await events.MoveNextAsync());
    }

    private IAsyncEnumerable<SseItem<JobInfo>> Read() =>
        new JobEvents(new ScriptedJob(_changes.Reader), _time, _stopping.Token).Read(
            TestContext.Current.CancellationToken
        );

    private void Change(double progress, JobPhase phase) =>
        Assert.True(
            _changes.Writer.TryWrite(
                new JobInfo
                {
                    Id = "j",
                    Kind = JobKind.Adapt,
                    Subject = "t",
                    Phase = phase,
                    Progress = progress,
                    Created = _time.GetUtcNow(),
                }
            )
        );

    /// <summary>A job whose changes the test writes.</summary>
    private sealed class ScriptedJob(ChannelReader<JobInfo> changes) : IJobGrain
    {
        public IAsyncEnumerable<JobInfo> Watch(CancellationToken cancellation) => changes.ReadAllAsync(cancellation);

        public Task<JobInfo> Submit(JobSpec spec, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<JobInfo> Get(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<JobInfo> Cancel(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<JobInfo> Pause(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<JobInfo> Unpause(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<bool> Resume(CancellationToken cancellation) => throw new NotSupportedException();
    }
}
