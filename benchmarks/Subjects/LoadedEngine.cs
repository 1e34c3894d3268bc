using System.Diagnostics;
using System.Globalization;
using ComodCluster.Engine;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;
using static TorchSharp.torch;

namespace ComodCluster.Benchmarks.Subjects;

/// <summary>
/// An engine on the processor, or on the device that COMOD_DEVICE names, its batches of COMOD_BATCH_ROWS rows if that
/// is set, with one resident backbone, called and waited for from a thread that is not its own.
/// </summary>
internal sealed class LoadedEngine : IDisposable
{
    private LoadedEngine(TaskEngine engine, Network network) => (Engine, Network) = (engine, network);

    public TaskEngine Engine { get; }

    public Network Network { get; }

    /// <summary>What the engine computes on; peers do on the same.</summary>
    public static Device Device { get; } = LibTorch.ChooseDevice(DeviceName);

    private static string DeviceName => Environment.GetEnvironmentVariable("COMOD_DEVICE") ?? "cpu";

    public string Versions => $"profile {Engine.Profile} (precision, rows of a batch, threads); libtorch 2.10.0";

    /// <param name="weights">Weights of tenants; null: all have 1.</param>
    public static LoadedEngine Start(Network network, IReadOnlyDictionary<string, double>? weights = null)
    {
        var options = new EngineOptions
        {
            // No checkpoint falls into a sample.
            Device = DeviceName,
            Threads = Environment.ProcessorCount,
            CheckpointEvery = TimeSpan.FromDays(1),
            PredictQueue = 4096,
            BatchRows = int.Parse(
                Environment.GetEnvironmentVariable("COMOD_BATCH_ROWS") ?? "0",
                CultureInfo.InvariantCulture
            ),
            TenantWeights = weights ?? new Dictionary<string, double>(),
        };
        var engine = new TaskEngine(options, TimeProvider.System);
        engine.LoadBackbone(network.Weights, null, null, CancellationToken.None).GetAwaiter().GetResult();
        return new LoadedEngine(engine, network);
    }

    public AdaptationWork Work(
        DatasetPack pack,
        IReadOnlyList<string>? classes,
        ReadoutMode mode,
        params IReadOnlyList<TaskSettings> trials
    ) =>
        new()
        {
            BackboneDigest = Network.Digest,
            Pack = pack,
            Trials = trials,
            Task = TaskDefinition.Resolve(Network.Spec, pack.Manifest, classes, mode),
        };

    /// <summary>Starts all the work together.</summary>
    /// <returns>Seconds until the last of it has ended.</returns>
    public double Together(params IReadOnlyList<AdaptationWork> works) => Results(works).Seconds;

    /// <summary>As <see cref="Together"/>, with the trials' results of each piece of work.</summary>
    public (double Seconds, IReadOnlyList<TrialResult>[] Results) Results(IReadOnlyList<AdaptationWork> works)
    {
        var start = Stopwatch.GetTimestamp();
        var results = Task.WhenAll(works.Select(w => Engine.Adapt(w, Unheard.Instance, CancellationToken.None)))
            .GetAwaiter()
            .GetResult();
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, results);
    }

    /// <summary>Starts each piece of work when the one before has ended.</summary>
    public double OneAfterAnother(params IReadOnlyList<AdaptationWork> works) => works.Sum(w => Together(w));

    public void Dispose() => Engine.DisposeAsync().AsTask().GetAwaiter().GetResult();

    public sealed class Unheard : IAdaptationObserver
    {
        public static Unheard Instance { get; } = new();

        public void Report(AdaptationProgress progress) { }

        public ValueTask Checkpoint(byte[] state) => ValueTask.CompletedTask;
    }
}
