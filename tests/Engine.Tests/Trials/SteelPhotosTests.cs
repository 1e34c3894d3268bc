using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Backbones.Onnx;
using ComodCluster.Engine.Data.Import;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Tests.Execution;
using ComodCluster.Engine.Trials;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Engine.Tests.Trials;

/// <summary>What a user gets from a few photos that nothing was trained on: six kinds of defects of steel.</summary>
public sealed class SteelPhotosTests : IDisposable
{
    private const int Kinds = 6,
        OfEach = 5,
        Draws = 5;

    private static readonly string s_network = Path.Combine(
        AppContext.BaseDirectory,
        "Backbones",
        $"{ImageNetBackbone.Name}.onnx"
    );

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Adapt_FivePhotosOfEach_TellsTheOthersApart()
    {
        var archive = SharedData.Path("steel-small.zip");
        var path = _folder.File("pack");
        DatasetImport.FromArchive(archive, path, new(), cancellationToken: Cancellation);
        using var pack = DatasetPack.Open(path);
        var weights = ImageNetBackbone.Convert(s_network);
        await using var engine = new TaskEngine(Tiny.Options, TimeProvider.System);
        await engine.LoadBackbone(weights, null, null, Cancellation);

        var results = await engine.Adapt(
            new AdaptationWork
            {
                BackboneDigest = SafeTensors.DigestOf(weights),
                Pack = pack,
                Task = TaskDefinition.Resolve(ImageNetBackbone.Spec, pack.Manifest, null, ReadoutMode.Own),
                Trials =
                [
                    .. Enumerable
                        .Range(0, Draws)
                        .Select(seed =>
                            TaskSettings.For(Method.Readout) with
                            {
                                Examples = Kinds * OfEach,
                                Seed = seed,
                            }
                        ),
                ],
            },
            new Recorder(),
            Cancellation
        );

        var accuracy = results.Select(result => result.Metrics.Test!.Accuracy).ToArray();
        Assert.Equal(Draws, accuracy.Length);
        Assert.True(accuracy.Average() >= 0.91, string.Join(' ', accuracy));
    }
}
