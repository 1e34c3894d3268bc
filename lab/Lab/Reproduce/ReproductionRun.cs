using System.Reflection;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Commands.Demo;
using ComodCluster.Infrastructure.Journals;
using Spectre.Console;

namespace ComodCluster.Lab.Reproduce;

/// <summary>
/// Computes the cells that the journal lacks, several at a time, then concludes and writes the results.
/// </summary>
/// <param name="options">Options of the reproduction.</param>
/// <param name="threads">Cells computed at the same time; null: as many as suit the reproduction.</param>
/// <param name="only">Texts that are all in the names of the cells that are computed.</param>
internal sealed class ReproductionRun(
    ReproductionName named,
    ReproductionOptions options,
    DirectoryInfo results,
    int? threads,
    IReadOnlyList<string> only,
    Terminal terminal
)
{
    /// <summary>A line in a file or pipe for every such part of the way.</summary>
    private const double PlainStep = 0.25;

    private static string Version { get; } =
        typeof(ReproductionRun)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion;

    private string Name => options.Quick ? $"{named.Name}-quick" : named.Name;

    /// <param name="soFar">Computes nothing and concludes from the cells that are there.</param>
    /// <exception cref="UsageException">The folder holds a journal that this run cannot continue.</exception>
    public async Task<ReproductionOutcome> Execute(bool soFar, CancellationToken cancellation)
    {
        await using var reproduction = named.Create(options);
        var cells = reproduction.Cells;
        using var journals = OpenJournals(reproduction, null);
        if (soFar)
        {
            var done = cells.Count(cell => journals.Find(cell) is not null);
            if (done == 0)
                throw new UsageException(
                    $"No cell of {Name} is in the journal in {results.FullName} yet: run it without --so-far first."
                );
            terminal.Note($"{done} of {cells.Count} cells are in the journal.");
        }
        else
            await Compute(Wanted(cells), journals, AtOnce(reproduction), cancellation);
        var entries = cells.Select(journals.Find).OfType<JournalEntry>().ToArray();
        var observations = entries.SelectMany(entry => entry.Observations).ToArray();
        var conclusion = reproduction.Conclude(observations);
        var outcome = new ReproductionOutcome
        {
            Name = named.Name,
            Quick = options.Quick,
            Cells = entries.Length,
            AllCells = cells.Count,
            Command =
                $"{LabRoot.Name} reproduce {named.Name}{(options.Quick ? " --quick" : "")}"
                + (options.Data is { } data ? $" --dataset {data.Name}" : "")
                + (options.Photos is { } photos ? $" --photos {photos.Name}" : "")
                + (entries.Length == cells.Count ? "" : string.Concat(only.Select(text => $" --only '{text}'")))
                + (soFar ? " --so-far" : ""),
            Version = Version,
            Machine = journals.Machines is [_, ..] machines ? string.Join("; ", machines) : Machine.Describe(),
            Date = terminal.Time.GetUtcNow(),
            SecondsOfCells = entries.Sum(entry => entry.Seconds),
            Constants = reproduction.Constants,
            Criteria = conclusion.Criteria,
            Remarks = conclusion.Remarks,
            Rows = ResultRow.Of(observations),
        };
        return outcome with
        {
            Files = ResultFiles.Write(
                outcome,
                named.Summary,
                conclusion,
                Path.Combine(results.FullName, entries.Length < cells.Count ? $"{Name}-so-far" : Name)
            ),
        };
    }

    /// <summary>Computes one part's cells and concludes nothing.</summary>
    /// <inheritdoc cref="Execute"/>
    public async Task<ShardOutcome> ExecuteShard(Shard shard, CancellationToken cancellation)
    {
        await using var reproduction = named.Create(options);
        var all = reproduction.Cells;
        var wanted = Wanted(all);
        Cell[] cells = [.. all.Where((_, index) => shard.Holds(index)).Intersect(wanted)];
        using var journals = OpenJournals(reproduction, shard);
        await Compute(cells, journals, AtOnce(reproduction), cancellation);
        return new(
            named.Name,
            options.Quick,
            shard.ToString(),
            cells.Count(cell => journals.Find(cell) is not null),
            cells.Length
        );
    }

    private IReadOnlyList<Cell> Wanted(IReadOnlyList<Cell> cells)
    {
        Cell[] wanted = [.. cells.Where(cell => only.All(text => cell.Key.Contains(text, StringComparison.Ordinal)))];
        return wanted.Length > 0
            ? wanted
            : throw new UsageException(
                $"No cell of {Name} has {string.Join(" and ", only.Select(text => $"'{text}'"))} in its name; one "
                    + $"is named '{cells[0].Key}'."
            );
    }

    private JournalFolder OpenJournals(IReproduction reproduction, Shard? shard)
    {
        results.Create();
        // The commit is for the record; work of another commit with the same constants is not lost.
        try
        {
            return JournalFolder.Open(
                results.FullName,
                new(Name, Version.Split('+')[0], reproduction.Constants, Machine.Describe()),
                shard
            );
        }
        catch (InvalidDataException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private int AtOnce(IReproduction reproduction) => threads ?? reproduction.AtOnce ?? Environment.ProcessorCount;

    private async Task Compute(
        IReadOnlyList<Cell> cells,
        JournalFolder journals,
        int atOnce,
        CancellationToken cancellation
    )
    {
        var open = cells.Where(cell => journals.Find(cell) is null).ToArray();
        if (open.Length < cells.Count)
        {
            terminal.Note(
                open.Length == 0
                    ? $"All {cells.Count} cells are in the journal: nothing is computed anew."
                    : $"Going on with an interrupted run: {cells.Count - open.Length} of {cells.Count} cells are in "
                        + $"the journal."
            );
        }
        if (open.Length == 0)
            return;
        try
        {
            await Compute(cells, open, journals, atOnce, cancellation);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            terminal.Note(
                $"{cells.Count(cell => journals.Find(cell) is not null)} of {cells.Count} cells are in the journal; "
                    + $"the same command goes on there."
            );
            throw;
        }
    }

    private async Task Compute(
        IReadOnlyList<Cell> cells,
        IReadOnlyList<Cell> open,
        JournalFolder journals,
        int atOnce,
        CancellationToken cancellation
    )
    {
        var (all, left) = (cells.Sum(cell => cell.Work), open.Sum(cell => cell.Work));
        if (!terminal.Live)
        {
            var told = 1 - left / all;
            await Compute(
                open,
                journals,
                done =>
                {
                    var share = 1 - (left - done) / all;
                    if (share < told + PlainStep && share < 1 - 1e-9)
                        return;
                    told = share;
                    terminal.Error.WriteLine($"{named.Name}: {share, 4:P0}");
                },
                atOnce,
                cancellation
            );
            return;
        }
        await terminal
            .Error.Progress()
            .HideCompleted(false)
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 30 },
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(async context =>
            {
                var bar = context.AddTask(named.Name, maxValue: all);
                bar.Value = all - left;
                await Compute(open, journals, done => bar.Value = all - left + done, atOnce, cancellation);
                bar.Value = all;
            });
    }

    /// <param name="finished">Told the work done after each cell, by one thread at a time.</param>
    private async Task Compute(
        IReadOnlyList<Cell> open,
        JournalFolder journals,
        Action<double> finished,
        int atOnce,
        CancellationToken cancellation
    )
    {
        var (gate, done) = (new Lock(), 0.0);
        await Parallel.ForEachAsync(
            open,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation },
            async (cell, stop) =>
            {
                var start = terminal.Time.GetTimestamp();
                var observations = await cell.Run(stop);
                journals.Append(new(cell.Key, terminal.Time.GetElapsedTime(start).TotalSeconds, observations));
                lock (gate)
                    finished(done += cell.Work);
            }
        );
    }
}
