using ComodCluster.Api.Jobs;

namespace ComodCluster.Lab.Chaos.Drills;

/// <summary>A job seems to kill its worker: whenever it is at its work, the worker dies.</summary>
internal static class DeathDrill
{
    private const string Deadly = "deadly",
        Neighbour = "neighbour";

    public static async Task Run(DrillReport report, CancellationToken stop)
    {
        await using var silo = new EmbeddedSilo();
        ChaosWorld? world = null;
        JobInfo deadly;
        for (var kills = 0; ; )
        {
            using var client = await silo.Bring(stop, "--Comod:Engine:CheckpointSeconds=3600");
            if (world is null)
            {
                world = await ChaosWorld.Make(client.Address, stop);
                await client.Begin(Deadly, world, steps: 100_000, stop);
                await client.Begin(Neighbour, world, steps: 400, stop);
            }
            deadly = await client.Until(Deadly, j => j.IsFinished || (j.Deaths == kills && IsAtWork(j)), stop);
            if (deadly.IsFinished)
            {
                report.Expect(
                    deadly is { Phase: JobPhase.Failed, Error.Code: "worker-died", Deaths: 3 },
                    $"after {kills} deaths the job has failed: {deadly.Error?.Message}"
                );
                var neighbour = await client.Until(Neighbour, j => j.IsFinished, stop);
                report.Expect(
                    neighbour.Phase == JobPhase.Succeeded,
                    $"its neighbour ends well, taken up {neighbour.Resumes} times: "
                        + $"{neighbour.Error?.Message ?? "a version"}"
                );
                return;
            }
            await silo.Kill();
            kills++;
        }
    }

    private static bool IsAtWork(JobInfo job) => job.Trials is [{ Step: > 0 }, ..];
}
