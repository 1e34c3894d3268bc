using System.Diagnostics;
using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Benchmarks.Subjects;

/// <summary>
/// Lanes of one task in batches of any size, on the caller's thread. The engine's own batches are never smaller than 64
/// rows: only here can a trial run in a batch of just its rows.
/// </summary>
internal sealed class BareLanes : IDisposable
{
    private readonly LaneGroup _group;
    private readonly Lane[] _lanes;

    /// <param name="prefixes">Not owned.</param>
    /// <param name="batchRows">A multiple of the settings' batch, which all lanes share.</param>
    public BareLanes(
        Backbone backbone,
        ActivationCache activations,
        DatasetPack pack,
        TaskDefinition task,
        int batchRows,
        int[] train,
        int[] held,
        params IReadOnlyList<TaskSettings> lanes
    )
    {
        var cut = backbone.Spec.Resolve(Cut.Parse(lanes[0].Cut));
        _group = new LaneGroup(
            GroupKey.Of(backbone, cut, lanes[0], task.Outputs, trainsReadout: false),
            backbone,
            activations,
            batchRows,
            TimeProvider.System
        );
        var (weight, bias) = ServedBatches.HeadRows(backbone, task);
        _lanes =
        [
            .. lanes.Select(settings => new Lane
            {
                Settings = settings,
                Task = task,
                Pack = pack,
                Train = train,
                Held = held,
                Steps = int.MaxValue,
                EarlyStopping = false,
                TrainsReadout = false,
            }),
        ];
        foreach (var lane in _lanes)
            _group.Add(lane, weight, bias);
    }

    /// <summary>Computes the activations of all a pack's images, so that no sample does.</summary>
    public static void Fill(Backbone backbone, ActivationCache activations, string cut, DatasetPack pack)
    {
        foreach (var chunk in Enumerable.Range(0, pack.Count).Chunk(64))
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            activations.Rows(
                backbone,
                backbone.Spec.Resolve(Cut.Parse(cut)),
                [.. chunk.Select(i => (PackImage?)new PackImage(pack, i))]
            );
        }
    }

    /// <summary>Steps of every lane, with the refreshes and evaluations that fall due.</summary>
    public double Seconds(int steps)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < steps; i++)
            foreach (var _ in _group.Round()) { }
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>
    /// Loss and gradient of the first lane's first step: Adam's first moment is a tenth of the gradient then.
    /// </summary>
    public (double Loss, float[] U, float[] V) FirstStep()
    {
        Seconds(1);
        return (_lanes[0].Loss, Gradient(Column.UFirst), Gradient(Column.VFirst));

        float[] Gradient(Column moment) => [.. _group.Read(_lanes[0], moment).Select(m => m / (1 - 0.9f))];
    }

    public void Dispose() => _group.Dispose();
}
