using System.Collections.Concurrent;
using ComodCluster.Client.Commands;
using ComodCluster.Client.Commands.Plotting;
using ComodCluster.Client.Commands.Reproduce;
using ComodCluster.Client.Tests.Commands;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Client.Tests.Reproduce;

public sealed class ReproductionRunTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _ran = new();
    private readonly Terminal _terminal;
    private int _ended;
    private readonly StringWriter _error;

    public ReproductionRunTests() => _terminal = CommandLineTests.Silent(out _error);

    private string Told => _error.ToString();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Execute_Interrupted_GoesOnAfterTheLastFinishedCell()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(cell =>
        {
            if (cell == "c") stop.Cancel();
            stop.Token.ThrowIfCancellationRequested();
        }, stop.Token));
        Assert.Equal(["a", "b", "c"], _ran);
        Assert.Contains("2 of 4 cells are in the journal; the same command goes on there.", Told);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.csv"));
        Assert.Equal(1, _ended);

        var soFar = await Run(_ => { }, TestContext.Current.CancellationToken, soFar: true);
        Assert.Equal(["a", "b", "c"], _ran);
        Assert.Equal("Not finished: this is what 2 of 4 cells say.", soFar.Verdict);
        Assert.Equal("fake-so-far.csv", Path.GetFileName(soFar.Files[0]));

        _ran.Clear();
        var outcome = await Run(_ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(["c", "d"], _ran);
        Assert.Contains("Going on with an interrupted run: 2 of 4 cells are in the journal.", Told);
        Assert.Equal(4, outcome.Rows.Count);
    }

    [Fact]
    public async Task Execute_Whole_WritesWhatItTakesToJudgeTheFigures()
    {
        var outcome = await Run(_ => { }, TestContext.Current.CancellationToken);
        var lines = await File.ReadAllLinesAsync(outcome.Files[0], TestContext.Current.CancellationToken);
        Assert.Contains(lines, line => line.StartsWith("# comod reproduce fake; version ", StringComparison.Ordinal));
        Assert.Contains("# Not reproduced: 1 of 1 criteria do not hold.", lines);
        Assert.Contains("# does not hold: Pigs fly. Found: none did.", lines);
        Assert.Contains("# wings = 2 (chosen here)", lines);
        Assert.Equal(["study,arm,x,seeds,mean,low,high", "s,a,1,1,0.5,0.5,0.5"], lines.Where(line => line[0] != '#').Take(2));
        Assert.DoesNotContain(lines, line => line.Contains(_folder.Path, StringComparison.Ordinal));
        Assert.All(outcome.Files, file => Assert.True(new FileInfo(file).Length > 0));
        Assert.Contains(outcome.Files, file => file.EndsWith("fake-curve.svg", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Execute_SoFarOfNothing_IsRefused() =>
        Assert.Contains("No cell of fake", (await Assert.ThrowsAsync<UsageException>(() => Run(_ => { }, TestContext.Current.CancellationToken, soFar: true))).Message);

    [Fact]
    public async Task Execute_ManyThreads_RunsNoMoreCellsAtOnceThanTheReproductionTakes()
    {
        var (now, most) = (0, 0);
        await Run(_ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            Interlocked.Decrement(ref now);
        }, TestContext.Current.CancellationToken, threads: 8);
        Assert.Equal(1, most);
        Assert.Equal(["a", "b", "c", "d"], _ran);
    }

    private Task<ReproductionOutcome> Run(Action<string> inCell, CancellationToken cancellation, bool soFar = false, int threads = 1) => new ReproductionRun(
        new ReproductionName("fake", "Nothing.", _ => new Fake(cell =>
        {
            _ran.Enqueue(cell);
            inCell(cell);
        }, () => _ended++)), new(Quick: false), soFar, new DirectoryInfo(_folder.Path), threads, _terminal).Execute(cancellation);

    private sealed class Fake(Action<string> inCell, Action ended) : IReproduction
    {
        public int AtOnce => 1;

        public IReadOnlyList<Constant> Constants => [new("wings", "2", Constant.Chosen)];

        public IReadOnlyList<Cell> Cells =>
        [
            .. "abcd".Select(c => $"{c}").Select(key => new Cell(key, 1, _ =>
            {
                inCell(key);
                return [new("s", key, 1, 0, 0.5)];
            })),
        ];

        public ValueTask DisposeAsync()
        {
            ended();
            return ValueTask.CompletedTask;
        }

        public Conclusion Conclude(IReadOnlyList<Observation> observations) => new([new("Pigs fly.", false, "none did.")], [], new Dictionary<string, LinePlot>
        {
            ["curve"] = new("title", "x", "y", 0, 1, [new("line", "#2f9e8f", [(1, new(0.5, 0.4, 0.6)), (2, new(0.6, 0.5, 0.7))])]),
        });
    }
}
