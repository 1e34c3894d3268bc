using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Execution;
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
    private readonly TaskDefinition _definition;
    private readonly TaskSettings _settings;

    public RandomTasks(LoadedEngine engine, string cut)
    {
        var spec = engine.Network.Spec;
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
