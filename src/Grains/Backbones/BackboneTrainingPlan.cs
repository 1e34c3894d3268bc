using ComodCluster.Api.Backbones;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Backbones.Training;
using ComodCluster.Engine.Data.Clutter;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Scenes;
using ComodCluster.Grains.Datasets;

namespace ComodCluster.Grains.Backbones;

/// <summary>From a request to the training that the engine runs.</summary>
public sealed class BackboneTrainingPlan(DatasetSources sources, TaskEngine engine)
{
    /// <summary>Name of the built-in generator where a request names a data set.</summary>
    public const string Scenes = "scenes";

    private const string Architecture = "cifar-resnet";
    private const int CanvasSide = ClutterSpec.Side;
    private static readonly int[] Blocks = [2, 2, 2, 2];

    // Seed of the pictures that backbones see; those of canvases are others.
    private const ulong SceneSeed = 0;

    /// <exception cref="ComodException">not-found, not-ready: the data set.</exception>
    /// <exception cref="InputException"><c>settings-invalid</c>, <c>backbone-spec</c>,
    /// <c>clutter-attributes</c>, <c>training-too-large</c>.</exception>
    public async Task Check(TenantName tenant, TrainBackboneRequest request, CancellationToken cancellation)
    {
        Validate(request);
        if (request.Dataset == Scenes)
        {
            var scenes = new SceneObjects(SceneSeed);
            RequireRoom(request, scenes, Drawn(request, scenes));
            return;
        }
        using var pack = await sources.Open(tenant, request.Dataset, cancellation).ConfigureAwait(false);
        RequireRoom(request, new PackObjects(pack), int.MaxValue);
    }

    /// <summary>Decodes or draws all the objects: seconds to minutes.</summary>
    /// <param name="checkpoint">What an earlier run stored.</param>
    public async Task<BackboneTraining> Make(
        TenantName tenant,
        TrainBackboneRequest request,
        byte[]? checkpoint,
        CancellationToken cancellation
    )
    {
        Validate(request);
        if (request.Dataset == Scenes)
        {
            var scenes = new SceneObjects(SceneSeed);
            return Training(request, scenes, "the built-in scenes", Drawn(request, scenes), checkpoint);
        }
        using var pack = await sources.Open(tenant, request.Dataset, cancellation).ConfigureAwait(false);
        return Training(
            request,
            new PackObjects(pack),
            $"'{request.Dataset}' from image {request.Skip} of each class on",
            int.MaxValue,
            checkpoint
        );
    }

    private static int Drawn(TrainBackboneRequest request, SceneObjects scenes) =>
        Math.Max(1, request.Drawn / scenes.Classes.Count);

    private void RequireRoom(TrainBackboneRequest request, IObjectSource objects, int maxPerClass)
    {
        var (spec, range) = (Spec(request, objects), Trained(request));
        spec.Validate();
        engine.RequireRoom(
            spec,
            request.Batch,
            Enumerable
                .Range(0, objects.Classes.Count)
                .Sum(label => (long)Math.Min(maxPerClass, range.Count(objects, label)))
        );
    }

    private static ObjectRange Trained(TrainBackboneRequest request) => new(DatasetSplit.Train, request.Skip);

    private BackboneTraining Training(
        TrainBackboneRequest request,
        IObjectSource objects,
        string trainedOn,
        int maxPerClass,
        byte[]? checkpoint
    )
    {
        // The worker that runs it may have less memory than the one that was asked for it.
        RequireRoom(request, objects, maxPerClass);
        return new()
        {
            Spec = Spec(request, objects),
            Train = ObjectPool.Of(objects, Trained(request), maxPerClass: maxPerClass),
            Test = ObjectPool.Of(objects, ObjectRange.Test, maxPerClass: maxPerClass),
            TrainedOn = trainedOn,
            Epochs = request.Epochs,
            Batch = request.Batch,
            Seed = request.Seed,
            Checkpoint = checkpoint,
        };
    }

    private static BackboneSpec Spec(TrainBackboneRequest request, IObjectSource objects) =>
        BackboneSpec.Cifar(request.Width, Blocks, objects.Classes, CanvasSide);

    private static void Validate(TrainBackboneRequest request)
    {
        Require(request.Architecture == Architecture, "architecture", $"'{request.Architecture}'", $"'{Architecture}'");
        Require(request.Width is >= 1 and <= 128, "width", request.Width, "1 to 128");
        Require(request.Epochs is >= 1 and <= 1000, "epochs", request.Epochs, "1 to 1000");
        Require(request.Batch is >= 2 and <= 4096, "batch", request.Batch, "2 to 4096");
        Require(request.Skip is >= 0 and <= 1_000_000, "skip", request.Skip, "0 to 1000000");
        Require(request.Drawn is >= 1 and <= 10_000_000, "drawn", request.Drawn, "1 to 10000000");
    }

    private static void Require(bool holds, string setting, object value, string range)
    {
        if (!holds)
            throw new InputException("settings-invalid", $"The training's {setting} is {value}; choose {range}.");
    }
}
