using System.Diagnostics;
using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Benchmarks.Subjects;
using ComodCluster.Client;
using ComodCluster.Infrastructure.Statistics;
using Npgsql;

namespace ComodCluster.Benchmarks.Registered;

/// <summary>Very many tasks that are registered and idle, on a worker, a gateway and PostgreSQL.</summary>
internal sealed class RegisteredBenchmark : IBenchmark
{
    private const int Callers = 16,
        Batch = 1000,
        Page = 100;

    public string Name => "registered";
    public string Description =>
        "100,000 registered tasks: rate of registration, memory and storage of an idle task, first answer of a cold "
        + "one, listing by pages.";

    public Report Run(Effort effort)
    {
        var report = new Report(
            Name,
            "a worker, a gateway and PostgreSQL on one machine",
            "measure",
            "sample",
            "value"
        );
        Measure(report, effort.IsQuick ? 2000 : 100_000, effort.IsQuick ? 200 : 2000, effort.IsQuick ? 50 : 500)
            .GetAwaiter()
            .GetResult();
        return report;
    }

    /// <param name="single">Tasks that are registered one by one, the rest together.</param>
    /// <param name="cold">Tasks that are asked for the first time.</param>
    private static async Task Measure(Report report, int tasks, int single, int cold)
    {
        await using var cluster = await ServedCluster.Distributed();
        var network = Network.Small();
        await cluster.Load(network, 64, 48);
        var images = Pictures.Encoded(1, 48);
        var spec = ServedCluster.Task("warm") with { Classes = [.. network.Spec.Classes.Take(2)] };
        await cluster.Client.Tasks.Create(spec);
        await cluster.Client.Tasks.Predict("warm", images);

        var (before, start, next) = (cluster.ResidentBytes(), Stopwatch.GetTimestamp(), -1);
        await Task.WhenAll(
            Enumerable
                .Range(0, Callers)
                .Select(async _ =>
                {
                    for (var i = Interlocked.Increment(ref next); i < single; i = Interlocked.Increment(ref next))
                        await cluster.Client.Tasks.Create(spec with { Name = NameOf(i) });
                })
        );
        report.Key("single_per_second", single / Stopwatch.GetElapsedTime(start).TotalSeconds);
        // Their grains are in memory until Orleans collects them.
        report.Key("resident_bytes_per_called_task", Grown(before, cluster.ResidentBytes()) / single);

        before = cluster.ResidentBytes();
        start = Stopwatch.GetTimestamp();
        foreach (var batch in Enumerable.Range(single, tasks - single).Chunk(Batch))
        {
            var at = Stopwatch.GetTimestamp();
            var results = await cluster.Client.Tasks.CreateMany([.. batch.Select(i => spec with { Name = NameOf(i) })]);
            if (results.FirstOrDefault(r => r.Error is not null) is { } refused)
                throw new BenchmarkException(refused.Error!.Message);
            report.Row(
                "bulk_seconds_per_1000",
                batch[0],
                Stopwatch.GetElapsedTime(at).TotalSeconds * Batch / batch.Length
            );
        }
        report.Key("bulk_per_second", (tasks - single) / Stopwatch.GetElapsedTime(start).TotalSeconds);
        report.Key("resident_bytes_per_idle_task", Grown(before, cluster.ResidentBytes()) / (tasks - single));
        report.Key("stored_bytes_per_task", await Stored(cluster.Database.ConnectionString("postgres")) / tasks);

        var (first, again) = (new double[cold], new double[cold]);
        for (var i = 0; i < cold; i++)
        {
            var name = NameOf(single + (int)((long)i * (tasks - single) / cold));
            (first[i], again[i]) = (
                await Seconds(() => cluster.Client.Tasks.Predict(name, images)),
                await Seconds(() => cluster.Client.Tasks.Predict(name, images))
            );
            report.Row("cold_seconds", i, first[i]);
            report.Row("warm_seconds", i, again[i]);
        }
        foreach (var (name, seconds) in new[] { ("cold", first), ("warm", again) })
        {
            report.Key($"{name}_p50_ms", 1000 * Quantile.Of(seconds, 0.5));
            report.Key($"{name}_p99_ms", 1000 * Quantile.Of(seconds, 0.99));
        }

        var pages = new List<double>();
        for (var i = 0; i < 50; i++)
        {
            var after = NameOf((int)((long)i * tasks / 50));
            pages.Add(await Seconds(() => cluster.Client.Tasks.Page(after: after, limit: Page)));
            report.Row($"page_of_{Page}_seconds", i, pages[^1]);
        }
        report.Key($"page_of_{Page}_p50_ms", 1000 * Quantile.Of(pages, 0.5));
        report.Key($"page_of_{Page}_p99_ms", 1000 * Quantile.Of(pages, 0.99));
        start = Stopwatch.GetTimestamp();
        var listed = (await cluster.Client.Tasks.List()).Count;
        if (listed != tasks + 1)
            throw new BenchmarkException($"{listed} tasks are listed instead of {tasks + 1}.");
        report.Key("list_all_seconds", Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static string NameOf(int i) => $"task-{i:000000}";

    private static double Grown(double[] before, double[] after) => Math.Max(0, after.Sum() - before.Sum());

    private static async Task<double> Seconds<T>(Func<Task<T>> call)
    {
        var start = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> Stored(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(
            "SELECT pg_total_relation_size('objects') + pg_total_relation_size('links')"
        );
        return Convert.ToDouble(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
