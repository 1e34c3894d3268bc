using ComodCluster.Api.Datasets;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Client;

namespace ComodCluster.Lab.Chaos;

/// <summary>
/// What all users share: a backbone that comes with the silo, a data set of its scenes, and images to predict.
/// </summary>
internal sealed record ChaosWorld(IReadOnlyList<byte[]> Images, MethodOptions Options)
{
    public const string Backbone = "scenes",
        Dataset = "parts";

    private const int Shown = 8;

    public static async Task<ChaosWorld> Make(Uri gateway, CancellationToken cancellation)
    {
        using var client = ComodClient.Connect(gateway);
        var backbone = await Registered(client, cancellation);
        var canvas = new CanvasSpec
        {
            Classes = [.. backbone.Take(2)],
            Station = 4,
            Train = 60,
            Test = 40,
        };
        var job = await client.Datasets.Create(
            new()
            {
                Name = Dataset,
                Source = new() { Kind = DatasetSourceKind.Scenes, Canvas = canvas },
            },
            cancellation
        );
        job = await client.Jobs.WaitFor(job.Id, cancellation);
        if (job.Error is not null)
            throw new JobFailedException(job);
        var images = new List<byte[]>();
        for (var i = 0; i < Shown; i++)
            images.Add((await client.Datasets.Image(Dataset, "test", i, cancellation)).Bytes);
        return new(
            images,
            new MethodOptions
            {
                Examples = 24,
                Steps = 20,
                TestImages = 0,
                Gate = GatePolicy.Off,
            }
        );
    }

    /// <summary>The backbone's classes; it is registered by the first worker, after it is ready.</summary>
    private static async Task<IReadOnlyList<string>> Registered(ComodClient client, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return (await client.Backbones.Get(Backbone, cancellation)).Classes;
            }
            catch (ComodApiException e) when (e.Status is 404 or 503)
            {
                await Task.Delay(200, cancellation);
            }
        }
    }
}
