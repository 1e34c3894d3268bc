using System.Runtime.InteropServices;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Benchmarks.Subjects;

/// <summary>
/// States of binary tasks that were never adapted: random couplings, decoder gain and readout, of the size of real
/// ones.
/// </summary>
internal sealed class RandomTasks
{
    private const double Couplings = 0.1;
    private readonly (string Digest, string Profile, int Features) _engine;
    private readonly int _channels,
        _grid;
    private readonly BackboneSpec _spec;
    private readonly TaskDefinition _definition;
    private readonly TaskSettings _settings;

    public RandomTasks(LoadedEngine engine, string cut)
    {
        var spec = _spec = engine.Network.Spec;
        _engine = (engine.Network.Digest, engine.Engine.Profile, spec.FeatureWidth);
        _settings = new TaskSettings { Cut = cut };
        using var backbone = Backbone.Load(engine.Network.Weights, TorchSharp.torch.CPU);
        (_channels, var height, _) = backbone.ShapeAt(Cut.Parse(cut), spec.InputSize);
        _grid = Math.Min(_settings.Grid, height);
        _definition = new TaskDefinition(ReadoutMode.Head, LossKind.Classes, [.. spec.Classes.Take(2)], [0, 1], [0, 1]);
    }

    /// <summary>The backbone alone, with the two rows of its own head.</summary>
    public ServedTask Base => ServedTask.Base(_definition, _engine.Digest);

    public ServedTask Served(int number) => ServedTask.Of(State(number));

    /// <summary>Ten new classes with a readout in closed form at a place, and the network as it is.</summary>
    public ServedTask Placed(int number, ReadoutPlace place)
    {
        const int Outputs = 10;
        var width = place.WidthOf(_spec);
        var weights = new Half[Outputs * width];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = (Half)(Couplings * CounterRandom.Normal((ulong)number, 0, (ulong)i));
        var stored = new StoredReadout(
            place,
            ReadoutKind.Lda,
            MemoryMarshal.AsBytes(weights.AsSpan()).ToArray(),
            [],
            1,
            new float[Outputs]
        );
        int[] labels = [.. Enumerable.Range(0, Outputs)];
        return ServedTask.Of(
            new TaskState
            {
                Task = new TaskDefinition(
                    ReadoutMode.Own,
                    LossKind.Classes,
                    [.. labels.Select(k => $"class {k}")],
                    labels,
                    []
                ),
                Settings = new TaskSettings { Method = Method.Readout },
                BackboneDigest = _engine.Digest,
                Profile = _engine.Profile,
                Placed = PlacedReadout.Of(stored, _spec),
            }
        );
    }

    public TaskState State(int number)
    {
        var stream = 0UL;
        return new TaskState
        {
            Task = _definition,
            Settings = _settings,
            BackboneDigest = _engine.Digest,
            Profile = _engine.Profile,
            Channel = Normals(_channels, Couplings),
            Spatial = Normals(_grid * _grid, Couplings),
            GridHeight = _grid,
            GridWidth = _grid,
            DecoderGain = [.. Normals(_engine.Features, Couplings).Select(x => MathF.Exp(x))],
            Readout = Normals(2 * _engine.Features, Couplings),
            Bias = Normals(2, Couplings),
        };

        float[] Normals(int count, double deviation)
        {
            stream++;
            return
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(i => (float)(deviation * CounterRandom.Normal((ulong)number, stream, (ulong)i))),
            ];
        }
    }
}
