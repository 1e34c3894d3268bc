using System.IO.Compression;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Client;
using ComodCluster.Infrastructure.Linux;

namespace ComodCluster.Lab.Chaos.Drills;

/// <summary>A disk of a silo with an embedded database is full while it adapts, and has room again.</summary>
internal static class DiskDrills
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(15);

    public static async Task DataFull(DrillReport report, CancellationToken stop)
    {
        await using var silo = new EmbeddedSilo();
        await using var disk = await SmallDisk.Mount(silo.Data, megabytes: 512);
        using var client = await silo.Bring(stop);
        var world = await ChaosWorld.Make(client.Address, stop);
        await client.Register("unwanted", stop);
        await Full(
            client,
            world,
            disk,
            report,
            async () =>
            {
                var refusal = await DrillTasks.Refusal(() => client.Register("later", stop));
                report.Expect(refusal is (507, "storage-full"), $"to register is refused: {refusal}");
                refusal = await DrillTasks.Refusal(() => client.Tasks.Delete("unwanted", stop));
                report.Expect(refusal.Status == 200, $"to delete is done: {refusal}");
            },
            stop
        );
        report.Expect(
            (await client.Register("later", stop)).Phase == TaskPhase.Registered,
            "to register is done when there is room"
        );
    }

    public static async Task TemporaryFull(DrillReport report, CancellationToken stop)
    {
        await using var silo = new EmbeddedSilo();
        await using var disk = await SmallDisk.Mount(Path.Combine(silo.Data, "temporary"), megabytes: 64);
        using var client = await silo.Bring(stop);
        var world = await ChaosWorld.Make(client.Address, stop);
        await Full(
            client,
            world,
            disk,
            report,
            async () =>
            {
                var refusal = await DrillTasks.Refusal(() => Upload(client, world, stop));
                report.Expect(refusal is (507, "storage-full"), $"an upload is refused: {refusal}");
            },
            stop
        );
        var job = await Upload(client, world, stop);
        report.Expect(
            (await client.Until(job.Id, j => j.IsFinished, stop)).Phase == JobPhase.Succeeded,
            "an upload is done when there is room"
        );
    }

    /// <summary>Fills the disk in the middle of an adaptation, and frees it some time later.</summary>
    private static async Task Full(
        ComodClient client,
        ChaosWorld world,
        SmallDisk disk,
        DrillReport report,
        Func<Task> meanwhile,
        CancellationToken stop
    )
    {
        await client.Adapted("before", world, stop);
        var acknowledged = await Inventory.Of(client, world, stop);
        await client.Begin("running", world, steps: 200, stop);
        await client.Until("running", j => j.Trials is [{ Step: > 0 }, ..], stop);
        await disk.Fill();

        report.ExpectAll(
            [.. acknowledged.Where(line => line.StartsWith("before", StringComparison.Ordinal))],
            [await Inventory.Answer(client, "before", world, stop)],
            "predictions go on"
        );
        await meanwhile();
        await Task.Delay(Long, stop);
        report.Expect((await client.IsReady(stop)), "the silo is ready");
        disk.Free();

        var job = await client.Until("running", j => j.IsFinished, stop);
        report.Expect(
            job.Phase == JobPhase.Succeeded,
            $"the adaptation ends well: {job.Error?.Message ?? "a version"}"
        );
        report.ExpectAll(
            [.. acknowledged.Where(line => !line.Contains("unwanted", StringComparison.Ordinal))],
            await Inventory.Of(client, world, stop),
            "nothing is lost"
        );
    }

    private static Task<JobInfo> Upload(ComodClient client, ChaosWorld world, CancellationToken stop)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            for (var i = 0; i < world.Images.Count; i++)
                zip.CreateEntry($"class-{i % 2}/{i}.png").Write(world.Images[i]);
        var archive = bytes.ToArray();
        return client.Datasets.Upload("more", () => new MemoryStream(archive), cancellation: stop);
    }

    private static void Write(this ZipArchiveEntry entry, byte[] bytes)
    {
        using var stream = entry.Open();
        stream.Write(bytes);
    }
}
