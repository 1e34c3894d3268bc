using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary>Times predictions of one image, one after the other.</summary>
internal static class LatencyProbe
{
    private const int Requests = 100;
    private const int WarmUp = 5;

    public static async Task<PredictLatency> Measure(
        ComodClient client,
        FixedBatch batch,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var milliseconds = new List<double>(Requests);
        for (var i = -WarmUp; i < Requests; i++)
        {
            var image = batch.Images[(i + WarmUp) % batch.Images.Count].Bytes;
            var start = time.GetTimestamp();
            await client.Tasks.Predict(batch.Task.Name, [image], cancellation);
            if (i >= 0)
                milliseconds.Add(time.GetElapsedTime(start).TotalMilliseconds);
        }
        milliseconds.Sort();
        return new(Quantile(milliseconds, 0.5), Quantile(milliseconds, 0.99), Requests);
    }

    /// <summary>The smallest value that at least this share of the values does not exceed.</summary>
    internal static double Quantile(IReadOnlyList<double> sorted, double share) =>
        sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
}
