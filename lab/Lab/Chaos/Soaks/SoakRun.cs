using System.Diagnostics;
using System.Globalization;
using ComodCluster.Api.Jobs;
using ComodCluster.Client;
using ComodCluster.Lab.Chaos.Drills;

namespace ComodCluster.Lab.Chaos.Soaks;

/// <summary>
/// One silo under users whose tasks come and go: registered, adapted, asked and deleted. What it has at the end is what
/// it had at the beginning, so that whatever grows is kept by mistake, or on purpose.
/// </summary>
internal sealed class SoakRun(int users, TimeSpan duration, Action<string> say)
{
    private const int Samples = 60,
        PredictionsPerTask = 20;

    private int _tasks,
        _predictions,
        _refused;

    public async Task<SoakResult> Run(CancellationToken cancellation)
    {
        await using var silo = new EmbeddedSilo();
        using var client = await silo.Bring(cancellation);
        var world = await ChaosWorld.Make(client.Address, cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (samples, clock) = (new List<SoakSample>(), Stopwatch.StartNew());
        var load = Enumerable.Range(0, users).Select(user => Load(client.Address, world, user, over.Token)).ToList();
        while (clock.Elapsed < duration)
        {
            await Task.Delay(duration / Samples, cancellation);
            samples.Add(SoakSample.Of(silo.Process, silo.Data, clock.Elapsed.TotalSeconds, _tasks, _predictions));
            say(Line(samples[^1]));
        }
        await over.CancelAsync();
        await Task.WhenAll(load);
        return new(
            clock.Elapsed.TotalMinutes,
            _tasks,
            _predictions,
            _refused,
            [
                SoakFigure.Of("memory", samples, s => s.Memory),
                SoakFigure.Of("handles", samples, s => s.Handles),
                SoakFigure.Of("threads", samples, s => s.Threads),
                SoakFigure.Of("database", samples, s => s.Database),
                SoakFigure.Of("blobs", samples, s => s.Blobs),
            ],
            samples
        );
    }

    private async Task Load(Uri address, ChaosWorld world, int user, CancellationToken over)
    {
        using var client = ComodClient.Connect(address, new() { Retries = 30, LongestWait = TimeSpan.FromSeconds(1) });
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            try
            {
                await Round(client, world, $"user-{user}-{i}", over);
                Interlocked.Increment(ref _tasks);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (ComodApiException)
            {
                Interlocked.Increment(ref _refused);
            }
        }
    }

    private async Task Round(ComodClient client, ChaosWorld world, string name, CancellationToken over)
    {
        if ((await client.Adapted(name, world, over)).Phase != JobPhase.Succeeded)
            Interlocked.Increment(ref _refused);
        for (var i = 0; i < PredictionsPerTask; i++)
        {
            await client.Tasks.Predict(name, [world.Images[i % world.Images.Count]], over);
            Interlocked.Increment(ref _predictions);
        }
        await client.Tasks.Delete(name, over);
    }

    private static string Line(SoakSample sample) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{sample.Seconds, 6:0} s  {sample.Memory / 1e6:0} MB, {sample.Handles} handles, {sample.Threads} threads, "
                + $"database {sample.Database / 1e6:0.00} MB, blobs {sample.Blobs / 1e6:0.00} MB, {sample.Tasks} tasks, "
                + $"{sample.Predictions} predictions"
        );
}
