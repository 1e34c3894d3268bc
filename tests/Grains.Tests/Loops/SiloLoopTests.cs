using System.Diagnostics.Metrics;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Loops;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Tests.Loops;

public sealed class SiloLoopTests : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly ArmedTime _time = new();
    private readonly Told _told = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddLoops().BuildServiceProvider();
    private readonly Loop _loop;

    public SiloLoopTests() => _loop = new Loop(Loops, _time, _told);

    private SiloLoops Loops => _services.GetRequiredService<SiloLoops>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _loop.StopAsync(CancellationToken.None);
        _loop.Dispose();
        await _services.DisposeAsync();
    }

    public static TheoryData<Exception> Failures { get; } =
    [
        new OperationCanceledException(new CancellationToken(true)),
        new TaskCanceledException("Somebody else's."),
        new TimeoutException("A grain does not answer."),
        new SiloUnavailableException("A silo ends."),
        new ComodException(ErrorCodes.StorageUnavailable, 503, "The database is away."),
        new InputException("format-unknown", "A later build wrote it."),
        new InvalidOperationException("Nobody foresaw this."),
        new ObjectDisposedException("A connection."),
    ];

    [Theory, MemberData(nameof(Failures))]
    public async Task Round_ThatFails_IsToldOnceAndTriedAgain(Exception failure)
    {
        var (rounds, fails) = (0, true);
        _loop.Does = _ =>
        {
            rounds++;
            return fails ? Task.FromException(failure) : Task.CompletedTask;
        };
        await _loop.StartAsync(Cancellation);
        for (var i = 0; i < 3; i++)
            await _time.Pass(Cancellation);
        await _time.Armed(Cancellation);
        Assert.Equal(4, rounds);
        Assert.Single(_told.Lines);
        Assert.NotNull(_loop.Failure);
        Assert.Equal(3 * Every, _loop.SinceRound);

        fails = false;
        _time.Advance(Every);
        await _time.Armed(Cancellation);
        Assert.Null(_loop.Failure);
        Assert.Equal(TimeSpan.Zero, _loop.SinceRound);
        Assert.Equal([LogLevel.Warning, LogLevel.Information], _told.Lines.Select(line => line.Level));
    }

    [Fact]
    public async Task Round_ThatFailsOfSomethingElse_IsToldAgain()
    {
        var reasons = new Queue<string>(["The disk is full.", "The disk is full.", "The database is away."]);
        _loop.Does = _ => throw new ComodException(ErrorCodes.StorageUnavailable, 503, reasons.Dequeue());
        await _loop.StartAsync(Cancellation);
        await _time.Pass(Cancellation);
        await _time.Pass(Cancellation);
        await _time.Armed(Cancellation);
        Assert.Equal(2, _told.Lines.Count);
        Assert.Contains("The database is away.", _told.Lines[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Woken_ThatFails_WaitsForItsTime()
    {
        var rounds = 0;
        _loop.Does = _ => Task.FromResult(rounds++);
        _loop.Wakes = _ => Task.FromException(new OperationCanceledException());
        await _loop.StartAsync(Cancellation);
        await _time.Pass(Cancellation);
        await _time.Armed(Cancellation);
        Assert.Equal(2, rounds);
    }

    [Fact]
    public async Task Woken_BeforeItsTime_DoesTheNextRound()
    {
        var again = new TaskCompletionSource();
        var rounds = 0;
        _loop.Does = _ =>
        {
            if (++rounds == 2)
                again.SetResult();
            return Task.CompletedTask;
        };
        _loop.Wakes = _ => rounds == 1 ? Task.CompletedTask : new TaskCompletionSource().Task;
        await _loop.StartAsync(Cancellation);
        await again.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Silent_RoundThatDoesNotEnd_NamesTheLoop()
    {
        var begun = new TaskCompletionSource();
        _loop.Does = cancellation =>
        {
            begun.SetResult();
            return Task.Delay(Timeout.Infinite, cancellation);
        };
        await _loop.StartAsync(Cancellation);
        await begun.Task.WaitAsync(Cancellation);
        Assert.Empty(Loops.Silent);
        _time.Advance(_loop.Patience!.Value + TimeSpan.FromSeconds(1));
        Assert.Equal(
            "the loop 'test' has done no work for 101 s (its round does not end)",
            Assert.Single(Loops.Silent)
        );
        Assert.Equal(101, Measured());

        await _loop.StopAsync(Cancellation);
        Assert.Empty(Loops.Silent);
    }

    [Fact]
    public async Task End_InARound_IsTheLastOne()
    {
        _loop.Does = _ =>
        {
            _loop.EndNow();
            return Task.CompletedTask;
        };
        await _loop.StartAsync(Cancellation);
        await _loop.ExecuteTask!.WaitAsync(Cancellation);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(Loops.Silent);
    }

    private double Measured()
    {
        var seconds = double.NaN;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listens) =>
            {
                if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
                    listens.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => seconds = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return seconds;
    }

    private sealed class Loop(SiloLoops loops, TimeProvider time, ILogger logger)
        : SiloLoop("test", Every, loops, time, logger)
    {
        public Func<CancellationToken, Task> Does { get; set; } = _ => Task.CompletedTask;

        public Func<CancellationToken, Task>? Wakes { get; set; }

        public void EndNow() => End();

        protected override Task Round(CancellationToken cancellation) => Does(cancellation);

        protected override Task Woken(CancellationToken cancellation) =>
            Wakes is { } wakes ? wakes(cancellation) : base.Woken(cancellation);
    }

    private sealed class Told : ILogger
    {
        public List<(LogLevel Level, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add((logLevel, formatter(state, exception)));
    }
}
