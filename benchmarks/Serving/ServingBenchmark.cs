using System.Diagnostics;
using System.Net.Http.Headers;
using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Benchmarks.Subjects;
using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Benchmarks.Serving;

/// <summary>
/// Predictions over HTTP, through a gateway and the tasks' grains, against calling the engine in the process.
/// </summary>
internal sealed class ServingBenchmark : IBenchmark
{
    private const string Engine = "engine",
        Embedded = "embedded",
        Distributed = "distributed";
    private const int Images = 64,
        Tasks = 16,
        InFlight = 256;

    public string Name => "serving";
    public string Description =>
        "Predictions through gateway and grain against the engine alone: throughput at saturation, latency, "
        + "processor time.";

    public Report Run(Effort effort)
    {
        var report = new Report(
            Name,
            "",
            "network",
            "contestant",
            "round",
            "seconds",
            "images_per_second",
            "silo_cpu_seconds",
            "generator_cpu_seconds"
        );
        Measure(effort, report, Network.Small(), 48, 256).GetAwaiter().GetResult();
        if (!effort.IsQuick)
            Measure(effort, report, Network.ResNet18(), 256, 64).GetAwaiter().GetResult();
        return report;
    }

    private static async Task Measure(Effort effort, Report report, Network network, int side, int requests)
    {
        var prefix = network.Name == "small" ? "" : $"{network.Name}_";
        var images = Pictures.Encoded(Images, side);
        using var engine = LoadedEngine.Start(network);
        report.Versions = engine.Versions;
        var direct = new Requests(engine, images);
        var served = new RandomTasks(engine, "layer2").Base;
        await using var embedded = await Http.Start(await ServedCluster.Embedded(), network, images, side);
        await using var distributed = await Http.Start(await ServedCluster.Distributed(), network, images, side);

        var (silo, generator) = (new Dictionary<string, List<double>>(), new Dictionary<string, List<double>>());
        var rounds = Rounds.Run(
            effort,
            Direct(Engine, () => direct.Seconds(requests, _ => served)),
            Over(Embedded, embedded),
            Over(Distributed, distributed)
        );
        foreach (var contestant in rounds.Contestants)
        {
            // The first round only warms up.
            var (work, load) = (silo[contestant].Skip(1).ToArray(), generator[contestant].Skip(1).ToArray());
            for (var i = 0; i < effort.Rounds; i++)
                report.Row(
                    network.Name,
                    contestant,
                    i + 1,
                    rounds[contestant][i],
                    requests / rounds[contestant][i],
                    work[i],
                    load[i]
                );
            report.Key(
                $"{prefix}{contestant}_images_per_second",
                Estimate.Of([.. rounds[contestant].Select(s => requests / s)]).Median
            );
            report.Key($"{prefix}{contestant}_cpu_ms_per_image", 1000 * Estimate.Of(work).Median / requests);
        }
        report.Key(
            $"{prefix}generator_cpu_ms_per_image",
            1000 * Estimate.Of([.. generator[Distributed].Skip(1)]).Median / requests
        );
        foreach (var contestant in new[] { Embedded, Distributed })
        {
            report.Key($"{prefix}{contestant}_vs_engine", rounds.Speedup(contestant, Engine));
            report.Key(
                $"{prefix}{contestant}_vs_engine_cpu",
                Estimate.Of([.. silo[Engine].Skip(1).Zip(silo[contestant].Skip(1), (own, with) => own / with)])
            );
        }
        var alone = effort.IsQuick ? 50 : 100;
        Latencies(Engine, [.. Enumerable.Range(0, alone).Select(i => direct.Alone(() => served, i))], "alone");
        foreach (var (name, http) in new[] { (Embedded, embedded), (Distributed, distributed) })
        {
            Latencies(name, await http.OneByOne(alone), "alone");
            await http.Together(requests);
            Latencies(name, http.Latencies, "saturated");
        }

        Contestant Direct(string name, Func<double> seconds) =>
            new(
                name,
                () =>
                {
                    var before = Own();
                    var taken = seconds();
                    Note(name, Own() - before, 0);
                    return taken;
                }
            );

        Contestant Over(string name, Http http) =>
            new(
                name,
                () =>
                {
                    var (before, own) = (http.Cluster.ProcessorSeconds().Sum(), Own());
                    var taken = http.Together(requests).GetAwaiter().GetResult();
                    Note(name, http.Cluster.ProcessorSeconds().Sum() - before, Own() - own);
                    return taken;
                }
            );

        void Note(string name, double work, double load)
        {
            if (!silo.ContainsKey(name))
                (silo[name], generator[name]) = ([], []);
            silo[name].Add(work);
            generator[name].Add(load);
        }

        void Latencies(string contestant, IReadOnlyList<double> seconds, string load)
        {
            report.Key($"{prefix}{contestant}_{load}_p50_ms", 1000 * Quantile.Of(seconds, 0.5));
            report.Key($"{prefix}{contestant}_{load}_p99_ms", 1000 * Quantile.Of(seconds, 0.99));
        }
    }

    private static double Own()
    {
        using var own = Process.GetCurrentProcess();
        return own.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>Sends one image per request, to tasks in turns.</summary>
    private sealed class Http : IAsyncDisposable
    {
        private readonly HttpClient _http;
        private readonly byte[][] _images;

        private Http(ServedCluster cluster, byte[][] images)
        {
            (Cluster, _images) = (cluster, images);
            _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = InFlight })
            {
                BaseAddress = cluster.Address,
            };
        }

        public ServedCluster Cluster { get; }

        /// <summary>Seconds of each request of the last <see cref="Together"/>.</summary>
        public double[] Latencies { get; private set; } = [];

        public static async Task<Http> Start(ServedCluster cluster, Network network, byte[][] images, int side)
        {
            await cluster.Load(network, images.Length, side);
            var tasks = await cluster.Client.Tasks.CreateMany([
                .. Enumerable
                    .Range(0, Tasks)
                    .Select(i => ServedCluster.Task($"task-{i}") with { Classes = [.. network.Spec.Classes.Take(2)] }),
            ]);
            if (tasks.FirstOrDefault(t => t.Error is not null) is { } refused)
                throw new BenchmarkException(refused.Error!.Message);
            return new(cluster, images);
        }

        public async Task<double> Together(int count)
        {
            Latencies = new double[count];
            var (start, next) = (Stopwatch.GetTimestamp(), -1);
            await Task.WhenAll(
                Enumerable
                    .Range(0, InFlight)
                    .Select(async _ =>
                    {
                        for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                            Latencies[i] = await Predict(i);
                    })
            );
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        public async Task<double[]> OneByOne(int count)
        {
            var seconds = new double[count];
            for (var i = 0; i < count; i++)
                seconds[i] = await Predict(i);
            return seconds;
        }

        public async ValueTask DisposeAsync()
        {
            _http.Dispose();
            await Cluster.DisposeAsync();
        }

        private async Task<double> Predict(int i)
        {
            var start = Stopwatch.GetTimestamp();
            using var body = new ByteArrayContent(_images[i % _images.Length])
            {
                Headers = { ContentType = new MediaTypeHeaderValue("image/png") },
            };
            using var response = await _http.PostAsync(
                new Uri($"/v1/tasks/task-{i % Tasks}/predict", UriKind.Relative),
                body
            );
            if (!response.IsSuccessStatusCode)
                throw new BenchmarkException(
                    $"A prediction was refused with {(int)response.StatusCode}: "
                        + $"{await response.Content.ReadAsStringAsync()}"
                );
            await response.Content.ReadAsByteArrayAsync();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
