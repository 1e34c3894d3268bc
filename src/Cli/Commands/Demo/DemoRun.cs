using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Demo.Report;
using ComodCluster.Cli.Silos;
using ComodCluster.Client;
using Spectre.Console;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary>The demo from start to end: adapt, show, kill, start again, revert, report.</summary>
internal sealed class DemoRun(DemoOptions options, Terminal terminal) : IAsyncDisposable
{
    private readonly DemoDirectory _directory = DemoDirectory.Create(options.Keep);
    private SiloProcess? _silo;
    private ComodClient? _client;

    private ComodClient Client => _client!;

    /// <returns>The exit code: 0 where everything ran and both comparisons held.</returns>
    public async Task<int> Execute(CancellationToken cancellation)
    {
        var start = terminal.Time.GetTimestamp();
        Heading("Starting a silo");
        await StartSilo(cancellation);

        Heading($"Preparing {options.Tasks} tasks");
        var data = new DemoData(Client, terminal, options);
        var tasks = await data.Prepare(cancellation);
        foreach (var task in tasks)
            await Client.Tasks.Create(
                new TaskSpec
                {
                    Name = task.Name,
                    Backbone = data.Backbone,
                    Dataset = task.Name,
                    Classes = task.Classes,
                },
                cancellation
            );
        var batches = new List<FixedBatch>();
        foreach (var task in tasks)
            batches.Add(await FixedBatch.Fetch(Client, task, options.TestImages, cancellation));
        var ofBase = await DemoRevert.Before(Client, batches[0], cancellation);

        Heading(
            $"Adapting {tasks.Count} tasks at once: 3 methods, {Count(options.Seeds, "seed")}, {options.Examples} "
                + $"examples"
        );
        var adapted = await new DemoAdaptation(Client, terminal, options).Run(tasks, cancellation);
        var rows = DemoAdaptation.Rows(adapted);
        terminal.Out.Write(DemoTable.Of(tasks, rows));
        terminal.Line(
            $"Accuracy on {options.TestImages} held-out images, mean over {Count(options.Seeds, "seed")}; seconds "
                + $"and bytes of state are those of comodulation."
        );

        var latency = await LatencyProbe.Measure(Client, batches[^1], terminal.Time, cancellation);
        terminal.Line(
            $"One image over HTTP: median {latency.Median:0.0} ms, p99 {latency.P99:0.0} ms ({latency.Requests} "
                + $"requests)."
        );

        Heading("Killing the silo (kill -9) and starting it again");
        var restartIdentical = await Restart(batches, cancellation);
        Verdict(
            restartIdentical,
            $"predictions of {batches.Sum(batch => batch.Images.Count)} images by {tasks.Count} tasks are "
                + $"bit-identical after the restart"
        );

        Heading($"Reverting '{tasks[0].Title}'");
        var revertIdentical = await DemoRevert.Check(Client, batches[0], ofBase, cancellation);
        Verdict(revertIdentical, "predictions after the revert are those of before, bit by bit");

        var result = new DemoResult
        {
            Rows = rows,
            Means = DemoMeans.ByMethod(rows),
            RestartIdentical = restartIdentical,
            RevertIdentical = revertIdentical,
            PredictMilliseconds = latency,
            LargestStateBytes = rows.Max(row => row.StateBytes),
            Backbone = data.Backbone,
            Profile = adapted[0].Versions[0].Profile,
            Seeds = [.. Enumerable.Range(0, options.Seeds)],
            Machine = Machine.Describe(),
            Command = options.Command,
            Date = terminal.Time.GetUtcNow(),
            SecondsTotal = terminal.Time.GetElapsedTime(start).TotalSeconds,
        };
        await Write(result, adapted, batches, cancellation);
        return restartIdentical && revertIdentical ? 0 : Failures.Failed;
    }

    private async Task StartSilo(CancellationToken cancellation)
    {
        _silo = await SiloProcess.Start(
            new SiloSettings
            {
                DataDirectory = _directory.Path,
                Device = options.Device,
                Threads = options.Threads,
            },
            cancellation
        );
        _client = ComodClient.Connect(_silo.Url, new ComodClientOptions { Time = terminal.Time });
        terminal.Line($"Process {_silo.Id} listens on {_silo.Url}; data in {_directory.Path}.");
    }

    private async Task<bool> Restart(IReadOnlyList<FixedBatch> batches, CancellationToken cancellation)
    {
        var before = await PredictAll(batches, cancellation);
        await _silo!.KillHard();
        await _silo.DisposeAsync();
        Client.Dispose();
        await StartSilo(cancellation);
        var after = await PredictAll(batches, cancellation);
        return before.Zip(after).All(pair => FixedBatch.AreIdentical(pair.First, pair.Second));
    }

    private async Task<IReadOnlyList<PredictResponse>> PredictAll(
        IReadOnlyList<FixedBatch> batches,
        CancellationToken cancellation
    )
    {
        var answers = new List<PredictResponse>();
        foreach (var batch in batches)
            answers.Add(await batch.Predict(Client, cancellation));
        return answers;
    }

    private async Task Write(
        DemoResult result,
        IReadOnlyList<AdaptedTask> adapted,
        IReadOnlyList<FixedBatch> batches,
        CancellationToken cancellation
    )
    {
        Heading("Results");
        await File.WriteAllTextAsync(
            options.Report.FullName,
            ReportPage.Render(result, adapted, batches),
            cancellation
        );
        terminal.Line($"Report: {options.Report.FullName}");
        if (options.Json is { } json)
        {
            await File.WriteAllTextAsync(
                json.FullName,
                System.Text.Json.JsonSerializer.Serialize(result, Terminal.Pretty) + "\n",
                cancellation
            );
            terminal.Line($"JSON:   {json.FullName}");
        }
        terminal.Line($"{result.SecondsTotal:0} s in all on {result.Machine}.");
    }

    private void Heading(string text)
    {
        terminal.Line();
        terminal.Out.MarkupLineInterpolated($"[bold]{text}[/]");
    }

    private void Verdict(bool holds, string claim) =>
        terminal.Out.MarkupLine(holds ? $"[green]yes[/]: {claim}." : $"[red]NO[/]: it does not hold that {claim}.");

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_silo is not null)
            await _silo.DisposeAsync();
        _directory.Dispose();
    }
}
