using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary>Reverts a task and compares its predictions with those from before.</summary>
internal static class DemoRevert
{
    /// <summary>
    /// What the base says before there is any version; null where a task with new classes has no base to ask.
    /// </summary>
    public static async Task<PredictResponse?> Before(
        ComodClient client,
        FixedBatch batch,
        CancellationToken cancellation
    )
    {
        try
        {
            return await batch.Predict(client, cancellation);
        }
        catch (ComodApiException e) when (e.Code == ErrorCodes.NoVersion)
        {
            return null;
        }
    }

    /// <summary>Back to the base; without one, from the second version back to the first.</summary>
    public static async Task<bool> Check(
        ComodClient client,
        FixedBatch batch,
        PredictResponse? ofBase,
        CancellationToken cancellation
    )
    {
        var before = ofBase;
        if (before is null)
        {
            before = await batch.Predict(client, cancellation);
            await client.Tasks.Activate(batch.Task.Name, before.Version == 1 ? 2 : 1, cancellation);
        }
        await client.Tasks.Activate(batch.Task.Name, before.Version, cancellation);
        return FixedBatch.AreIdentical(before, await batch.Predict(client, cancellation));
    }
}
