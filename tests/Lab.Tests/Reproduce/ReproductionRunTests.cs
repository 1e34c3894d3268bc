using System.Collections.Concurrent;
using System.Text.Json;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Commands.Demo;
using ComodCluster.Cli.Tests.Commands;
using ComodCluster.Infrastructure.Journals;
using ComodCluster.Lab.Plots;
using ComodCluster.Lab.Reproduce;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Lab.Tests.Reproduce;

public sealed class ReproductionRunTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _ran = new();
    private readonly Terminal _terminal;
    private int _ended;
    private readonly StringWriter _error;

    public ReproductionRunTests() => _terminal = SilentTerminal.Of(out _error);

    private string Told => _error.ToString();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Execute_Interrupted_GoesOnAfterTheLastFinishedCell()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Run(
                cell =>
                {
                    if (cell == "c")
                        stop.Cancel();
                    stop.Token.ThrowIfCancellationRequested();
                },
                stop.Token
            )
        );
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
        Assert.Contains(
            lines,
            line => line.StartsWith($"# {LabRoot.Name} reproduce fake; version ", StringComparison.Ordinal)
        );
        Assert.Contains("# Not reproduced: 1 of 1 criteria do not hold.", lines);
        Assert.Contains("# does not hold: Pigs fly. Found: none did.", lines);
        Assert.Contains("# wings = 2 (chosen here)", lines);
        Assert.Equal(
            ["study,arm,x,seeds,mean,low,high", "s,a,1,1,0.5,0.5,0.5"],
            lines.Where(line => line[0] != '#').Take(2)
        );
        Assert.DoesNotContain(lines, line => line.Contains(_folder.Path, StringComparison.Ordinal));
        Assert.All(outcome.Files, file => Assert.True(new FileInfo(file).Length > 0));
        Assert.Contains(outcome.Files, file => file.EndsWith("fake-curve.svg", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Execute_SoFarOfNothing_IsRefused() =>
        Assert.Contains(
            "No cell of fake",
            (
                await Assert.ThrowsAsync<UsageException>(() =>
                    Run(_ => { }, TestContext.Current.CancellationToken, soFar: true)
                )
            ).Message
        );

    [Fact]
    public async Task Execute_ThreadsNotGiven_RunsAsManyCellsAtOnceAsSuitTheReproduction()
    {
        var (now, most) = (0, 0);
        await Run(
            _ =>
            {
                most = Math.Max(most, Interlocked.Increment(ref now));
                Interlocked.Decrement(ref now);
            },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(1, most);
        Assert.Equal(["a", "b", "c", "d"], _ran);
    }

    [Fact]
    public async Task Execute_ThreadsGiven_RunsAsManyCellsAtOnce()
    {
        using var meeting = new Barrier(2);
        await Run(
            _ => Assert.True(meeting.SignalAndWait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)),
            TestContext.Current.CancellationToken,
            threads: 2
        );
        Assert.Equal(4, _ran.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(9)]
    public async Task ExecuteShard_AllParts_ComputeEachCellOnce(int count)
    {
        var parts = new List<ShardOutcome>();
        for (var number = 1; number <= count; number++)
            parts.Add(await RunShard(new(number, count)));
        Assert.Equal(["a", "b", "c", "d"], _ran.Order());
        Assert.Equal(4, parts.Sum(part => part.Cells));
        Assert.All(parts, part => Assert.Equal(part.AllCells, part.Cells));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.csv"));
    }

    [Fact]
    public async Task Execute_OnePartThere_ComputesTheOthersIntoItsOwnJournal()
    {
        await RunShard(new(2, 3));
        Assert.Equal(["b"], _ran);
        var part = File.ReadAllText(PartOf3(2));
        var soFar = await Run(_ => { }, TestContext.Current.CancellationToken, soFar: true);
        Assert.Equal("Not finished: this is what 1 of 4 cells say.", soFar.Verdict);

        _ran.Clear();
        Assert.Equal(4, (await Run(_ => { }, TestContext.Current.CancellationToken)).Cells);
        Assert.Equal(["a", "c", "d"], _ran);
        Assert.Equal(part, File.ReadAllText(PartOf3(2)));
    }

    [Fact]
    public async Task ExecuteShard_CellsInTheJournalOfAWholeRunOrOfAnotherSplit_AreNotComputedAnew()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Run(
                cell =>
                {
                    if (cell == "b")
                        stop.Cancel();
                    stop.Token.ThrowIfCancellationRequested();
                },
                stop.Token
            )
        );
        await RunShard(new(3, 3));
        _ran.Clear();
        Assert.Equal(new ShardOutcome("fake", false, "1/2", 2, 2), await RunShard(new(1, 2)));
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task Execute_OnlySomeCells_ConcludesFromWhatIsThere()
    {
        await RunShard(new(1, 4));
        _ran.Clear();
        var outcome = await Run(_ => { }, TestContext.Current.CancellationToken, only: ["c"]);
        Assert.Equal(["c"], _ran);
        Assert.Equal("Not finished: this is what 2 of 4 cells say.", outcome.Verdict);
        Assert.EndsWith("reproduce fake --only 'c'", outcome.Command);
        Assert.Equal("fake-so-far.csv", Path.GetFileName(outcome.Files[0]));

        var sentence = (
            await Assert.ThrowsAsync<UsageException>(() =>
                Run(_ => { }, TestContext.Current.CancellationToken, only: ["a", "x"])
            )
        ).Message;
        Assert.Equal("No cell of fake has 'a' and 'x' in its name; one is named 'a'.", sentence);
    }

    [Fact]
    public async Task Execute_PartOfOtherConstants_IsRefusedAndNamed()
    {
        await RunShard(new(1, 3));
        File.WriteAllText(PartOf3(1), File.ReadAllText(PartOf3(1)).Replace("\"Value\":\"2\"", "\"Value\":\"4\""));
        var sentence = (
            await Assert.ThrowsAsync<UsageException>(() => Run(_ => { }, TestContext.Current.CancellationToken))
        ).Message;
        Assert.Contains($"{PartOf3(1)} was begun with another 'wings' (4, now 2)", sentence);
    }

    [Fact]
    public async Task Execute_PartBeingWritten_SaysSo()
    {
        await RunShard(new(1, 3));
        using var writer = new FileStream(PartOf3(1), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var sentence = (
            await Assert.ThrowsAsync<IOException>(() => Run(_ => { }, TestContext.Current.CancellationToken))
        ).Message;
        Assert.Equal($"The journal {PartOf3(1)} is in use by another run: try again when that has ended.", sentence);
        // Other parts of the split go on beside it.
        Assert.Equal(1, (await RunShard(new(2, 3))).Cells);
    }

    [Fact]
    public async Task Execute_PartsOfOtherMachines_NamesThoseThatComputedCells()
    {
        for (var number = 1; number <= 3; number++)
        {
            await RunShard(new(number, 3));
            var lines = File.ReadAllLines(PartOf3(number));
            var head = JsonSerializer.Deserialize<JournalHead>(lines[0])! with
            {
                Machine = number == 1 ? "fast" : "slow",
            };
            File.WriteAllLines(PartOf3(number), [JsonSerializer.Serialize(head), .. lines[1..]]);
        }
        var outcome = await Run(_ => { }, TestContext.Current.CancellationToken);
        Assert.Equal("fast; slow", outcome.Machine);
        Assert.EndsWith("; fast; slow", File.ReadAllLines(outcome.Files[0])[1]);

        File.Delete(PartOf3(1));
        Assert.Equal(
            $"slow; {Machine.Describe()}",
            (await Run(_ => { }, TestContext.Current.CancellationToken)).Machine
        );
    }

    private string PartOf3(int number) => Path.Combine(_folder.Path, $"fake.{number}-of-3.journal.jsonl");

    private Task<ReproductionOutcome> Run(
        Action<string> inCell,
        CancellationToken cancellation,
        bool soFar = false,
        int? threads = null,
        IReadOnlyList<string>? only = null
    ) => Of(inCell, threads, only).Execute(soFar, cancellation);

    private Task<ShardOutcome> RunShard(Shard shard) =>
        Of(_ => { }, null, null).ExecuteShard(shard, TestContext.Current.CancellationToken);

    private ReproductionRun Of(Action<string> inCell, int? threads, IReadOnlyList<string>? only) =>
        new(
            new ReproductionName(
                "fake",
                "Nothing.",
                _ => new Fake(
                    cell =>
                    {
                        _ran.Enqueue(cell);
                        inCell(cell);
                    },
                    () => _ended++
                )
            ),
            new(Quick: false),
            new DirectoryInfo(_folder.Path),
            threads,
            only ?? [],
            _terminal
        );

    private sealed class Fake(Action<string> inCell, Action ended) : IReproduction
    {
        public int? AtOnce => 1;

        public IReadOnlyList<Constant> Constants => [new("wings", "2", Constant.Chosen)];

        public IReadOnlyList<Cell> Cells =>
            [
                .. "abcd"
                    .Select(c => $"{c}")
                    .Select(key => new Cell(
                        key,
                        1,
                        _ =>
                        {
                            inCell(key);
                            return [new("s", key, 1, 0, 0.5)];
                        }
                    )),
            ];

        public ValueTask DisposeAsync()
        {
            ended();
            return ValueTask.CompletedTask;
        }

        public Conclusion Conclude(IReadOnlyList<Observation> observations) =>
            new(
                [new("Pigs fly.", false, "none did.")],
                [],
                new Dictionary<string, LinePlot>
                {
                    ["curve"] = new(
                        "title",
                        "x",
                        "y",
                        0,
                        1,
                        [new("line", "#2f9e8f", [(1, new(0.5, 0.4, 0.6)), (2, new(0.6, 0.5, 0.7))])]
                    ),
                }
            );
    }
}
