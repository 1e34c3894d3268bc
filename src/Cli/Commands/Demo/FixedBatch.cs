using ComodCluster.Api.Tasks;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary>
/// Test images of one task that are predicted again and again, always in one request and so in one batch of the device.
/// </summary>
/// <param name="Images">At most 32, with the labels that the data set gives them.</param>
internal sealed record FixedBatch(DemoTask Task, IReadOnlyList<DatasetImage> Images)
{
    private const int Most = 32;

    public static async Task<FixedBatch> Fetch(
        ComodClient client,
        DemoTask task,
        int available,
        CancellationToken cancellation
    )
    {
        var images = new List<DatasetImage>();
        for (var i = 0; i < Math.Min(Most, available); i++)
            images.Add(await client.Datasets.Image(task.Name, "test", i, cancellation));
        return new(task, images);
    }

    public Task<PredictResponse> Predict(ComodClient client, CancellationToken cancellation) =>
        client.Tasks.Predict(Task.Name, [.. Images.Select(image => image.Bytes)], cancellation);

    /// <summary>
    /// Whether two answers have the same version, the same labels and bit by bit the same probabilities.
    /// </summary>
    public static bool AreIdentical(PredictResponse one, PredictResponse other) =>
        one.Version == other.Version
        && one.Classes.SequenceEqual(other.Classes)
        && one.Predictions.Count == other.Predictions.Count
        && one.Predictions.Zip(other.Predictions)
            .All(pair =>
                pair.First.Label == pair.Second.Label && SameBits(pair.First.Probabilities, pair.Second.Probabilities)
            );

    private static bool SameBits(IReadOnlyList<float> one, IReadOnlyList<float> other) =>
        one.Select(BitConverter.SingleToInt32Bits).SequenceEqual(other.Select(BitConverter.SingleToInt32Bits));
}
