using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Demo;
using ComodCluster.Client;

namespace ComodCluster.Cli.Tests.Demo;

/// <summary>What a demo could have measured.</summary>
internal static class DemoSample
{
    /// <summary>PNG of one red pixel.</summary>
    private const string Pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

    public static IReadOnlyList<DemoTask> Tasks { get; } =
        DemoTasks.Choose(["bolt", "cog", "gear", "hook", "nail", "nut", "ring", "screw", "spring", "washer <M8>"], 8);

    public static IReadOnlyList<AdaptedTask> Adapted(int seeds = 2) =>
        [
            .. Tasks.Select(
                (task, index) =>
                    new AdaptedTask(
                        task,
                        Versions(task, seeds),
                        [.. DemoMeans.Methods.Select(method => (method, Maps(method, index)))]
                    )
            ),
        ];

    public static IReadOnlyList<FixedBatch> Batches { get; } =
    [
        .. Tasks.Select(task => new FixedBatch(
            task,
            [new DatasetImage(Convert.FromBase64String(Pixel), "image/png", task.Classes[0])]
        )),
    ];

    public static DemoResult Result(IReadOnlyList<AdaptedTask> adapted)
    {
        var rows = DemoAdaptation.Rows(adapted);
        return new()
        {
            Rows = rows,
            Means = DemoMeans.ByMethod(rows),
            RestartIdentical = true,
            RevertIdentical = true,
            PredictMilliseconds = new(12.34, 45.6, 100),
            LargestStateBytes = 12_345,
            Backbone = "scenes",
            Profile = "float32/64/2",
            Seeds = [0, 1],
            Machine = "a machine, 2 cores",
            Command = "comod demo --seeds 2",
            Date = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero),
            SecondsTotal = 98.7,
        };
    }

    private static IReadOnlyList<VersionInfo> Versions(DemoTask task, int seeds)
    {
        var versions = new List<VersionInfo>();
        for (var seed = 0; seed < seeds; seed++)
            foreach (var method in DemoMeans.Methods.Reverse())
                versions.Add(
                    new()
                    {
                        Version = versions.Count + 1,
                        Phase = VersionPhase.Ready,
                        Active = versions.Count == 0,
                        Method = method,
                        Seed = seed,
                        Job = "job",
                        Examples = 50,
                        Steps = 150,
                        TrainedParameters = method == Method.Readout ? 258 : 208,
                        Seconds = 3.5,
                        StateBytes = 4321,
                        Digest = "00",
                        BackboneDigest = "00",
                        Profile = "float32/64/2",
                        Metrics = new()
                        {
                            Accuracy = 0.6 + 0.1 * (int)method + 0.01 * (task.Station - 4) + 0.02 * seed,
                            CalibratedEce = method == Method.Gain ? 0.0124 : 0.05,
                        },
                        CachedTo = "layer2",
                        Created = DateTimeOffset.UnixEpoch,
                    }
                );
        return versions;
    }

    private static VersionMaps Maps(Method method, int index) =>
        new()
        {
            Version = 1,
            Channel = [],
            Spatial =
                method == Method.Readout
                    ? []
                    : [.. Enumerable.Range(0, 144).Select(i => MathF.Sin(i * 0.13f + index) * (i % 12 - 5) / 12)],
            GridHeight = 12,
            GridWidth = 12,
            DecoderGain =
            [
                .. Enumerable.Range(0, 128).Select(i => method == Method.Comodulation ? 1 + 0.9f * MathF.Sin(i) : 1),
            ],
            Curve =
            [
                .. Enumerable
                    .Range(0, 16)
                    .Select(i => new CurvePoint(
                        i * 10,
                        0.7 / (1 + i * (0.1 + 0.1 * (int)method)),
                        0.75 / (1 + i * 0.08 * (1 + (int)method)),
                        0.5 + i * 0.02
                    )),
            ],
        };
}
