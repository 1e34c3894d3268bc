using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Snapshots;

/// <summary>
/// Makes what <see cref="RemovedSettingsTests"/> reads, with the last build that had the settings: see README.md.
/// </summary>
public class RemovedSettingsMaker
{
    private static readonly object s_options = new
    {
        cut = "layer1",
        grid = 4,
        steps = 20,
        batch = 8,
        gate = "off",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true), Trait("Category", "Snapshot")]
    public async Task Make()
    {
        var program =
            Environment.GetEnvironmentVariable("COMOD_SNAPSHOT_SILO")
            ?? throw new InvalidOperationException("Run make.sh, which builds the silo and names it.");
        var target = Environment.GetEnvironmentVariable("COMOD_SNAPSHOT_TARGET")!;
        using var folder = new TempFolder();
        await using (
            var silo = await SiloProcess.ReadyOf(
                program,
                folder.Path,
                "--Comod:Engine:CheckpointSeconds=0.1",
                "--Comod:Engine:Precision=float32"
            )
        )
        {
            var client = silo.Client;
            await client.PutTinyBackbone("tiny");
            Assert.Null((await client.PutDataset("pictures", TinyWorld.Archive(20))).Error);
            await Register(client, "versions", s_options);
            await Adapt(client, "versions", new { gainAt = new[] { "layer2", "layer3" } });
            await Adapt(client, "versions", new { gainPer = "class" });
            await Adapt(
                client,
                "versions",
                new
                {
                    nonNegative = true,
                    nodes = 5,
                    strength = 2,
                    refreshFrom = 3,
                    labelForm = "absolute",
                    optimizer = "momentum",
                }
            );
            byte[][] images = [TinyWorld.Png(0, 70), TinyWorld.Png(1, 70), TinyWorld.Png(2, 70)];
            var answer = await client.Predicted("versions", images);
            Assert.Equal(3, answer.Version);
            await (await client.PostJson("/v1/tasks/versions/activate", new { version = 1 })).ShouldBe<TaskInfo>(
                HttpStatusCode.OK
            );
            await Register(
                client,
                "options",
                new
                {
                    cut = "layer1",
                    grid = 4,
                    steps = 20,
                    batch = 8,
                    strength = 2,
                }
            );
            await Register(client, "interrupted", s_options);
            await (
                await client.PostJson(
                    "/v1/tasks/interrupted/adapt",
                    new { id = "interrupted-1", options = new { steps = 100_000, labelForm = "absolute" } }
                )
            ).ShouldBe<JobInfo>(HttpStatusCode.Accepted);
            while ((await client.Get<JobInfo>("/v1/jobs/interrupted-1")).Trials is not [{ Step: > 200 }])
                await Task.Yield();
            await silo.Kill();
            var expected = new JsonObject
            {
                ["images"] = JsonSerializer.SerializeToNode(images),
                ["probabilities"] = JsonSerializer.SerializeToNode(answer.Predictions.Select(p => p.Probabilities)),
            };
            await File.WriteAllTextAsync(
                Path.Combine(target, "sqlite.json"),
                expected.ToJsonString() + "\n",
                Cancellation
            );
        }
        SnapshotMaker.Pack(
            Path.Combine(target, "sqlite.zip"),
            [Path.Combine(folder.Path, "catalog.db"), Path.Combine(folder.Path, "catalog.db-wal")],
            Path.Combine(folder.Path, "blobs")
        );
    }

    private static async Task Register(HttpClient client, string name, object options) =>
        await (
            await client.PostJson(
                "/v1/tasks",
                new
                {
                    name,
                    backbone = "tiny",
                    dataset = "pictures",
                    options,
                }
            )
        ).ShouldBe<TaskInfo>(HttpStatusCode.Created);

    private static async Task Adapt(HttpClient client, string task, object options) =>
        Assert.Null((await client.Ended(await client.PostJson($"/v1/tasks/{task}/adapt", new { options }))).Error);
}
