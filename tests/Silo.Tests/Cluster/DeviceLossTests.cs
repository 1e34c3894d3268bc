using System.Net;
using System.Runtime.InteropServices;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Api.Workers;
using ComodCluster.Engine;
using ComodCluster.Silo.Api.Probes;
using ComodCluster.Silo.Hosting;
using ComodCluster.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ComodCluster.Silo.Tests.Cluster;

[Collection(SharedCluster.Name)]
public class DeviceLossTests(SharedCluster shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lose_TheDeviceOfAWorkerThatAdapts_AllGoesOnElsewhereAndTheProcessEndsWithItsOwnCode()
    {
        var cluster = await shared.Whole();
        var client = cluster.Client;
        string[] others = [.. cluster.Workers.Keys];
        foreach (var worker in others)
            await Post(client, worker, "drain");
        using var folder = new TempFolder();
        // In this process, so that the test can tell its engine what a driver would.
        await using var lost = SiloHost.Build([
            $"--Comod:Storage={folder.Path}",
            "--port",
            "0",
            "--device",
            "cpu",
            "--threads",
            "1",
            "--Comod:Engine:CheckpointSeconds=0.2",
            .. cluster.Settings("lost", "worker"),
        ]);
        var (engine, end) = (
            lost.Services.GetRequiredService<TaskEngine>(),
            lost.Services.GetRequiredService<ProcessEnd>()
        );
        await lost.StartAsync(Cancellation);
        await Reported(client, w => w.Count == 3 && w.All(r => r.Draining == (r.Name != "lost")));
        await client.PutTinyTask("survivor");
        await (
            await client.PostJson(
                "/v1/tasks/survivor/adapt",
                new AdaptRequest
                {
                    Id = "survivor",
                    Options = new MethodOptions { Steps = 300 },
                }
            )
        ).ShouldBe<JobInfo>(HttpStatusCode.Accepted);
        await client.When("survivor", j => j.Trials is [{ Step: > 5 }, ..]);
        foreach (var worker in others)
            await Post(client, worker, "undrain");
        await Reported(client, w => w.All(r => !r.Draining));

        engine.Health.Lose(new NativeException("CUDA error: an illegal memory access was encountered"));

        Assert.Contains(
            "the device is lost (CUDA error: an illegal memory access was encountered)",
            await lost.Services.GetRequiredService<Readiness>().Missing(Cancellation)
        );
        Assert.Single((await client.Predicted("survivor", TinyWorld.Png(0, 90))).Predictions);
        var job = await client.End("survivor");
        Assert.Equal((JobPhase.Succeeded, null, 0), (job.Phase, job.Error, job.Deaths));
        Assert.InRange(job.Resumes, 1, 3);
        await lost.WaitForShutdownAsync(Cancellation);
        Assert.Equal(3, end.ExitCode);
        await cluster.Knows(2);
    }

    private static Task<IReadOnlyList<WorkerReport>> Reported(
        HttpClient client,
        Func<IReadOnlyList<WorkerReport>, bool> wanted
    ) => TestCluster.Until(() => client.Get<IReadOnlyList<WorkerReport>>("/v1/workers"), wanted);

    private static async Task Post(HttpClient client, string worker, string verb) =>
        Assert.True((await client.PostAsync($"/v1/workers/{worker}/{verb}", null, Cancellation)).IsSuccessStatusCode);

    /// <summary>As libtorch's failures arrive.</summary>
    private sealed class NativeException(string message) : ExternalException(message);
}
