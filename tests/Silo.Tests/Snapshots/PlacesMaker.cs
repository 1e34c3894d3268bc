using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ComodCluster.Api.Tasks;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Snapshots;

/// <summary>Makes what <see cref="PlacesTests"/> reads, with the last build without places: see README.md.</summary>
public class PlacesMaker
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true), Trait("Category", "Snapshot")]
    public async Task Make()
    {
        var program =
            Environment.GetEnvironmentVariable("COMOD_SNAPSHOT_SILO")
            ?? throw new InvalidOperationException("Run make.sh, which builds the silo and names it.");
        var target = Environment.GetEnvironmentVariable("COMOD_SNAPSHOT_TARGET")!;
        using var folder = new TempFolder();
        await using (var silo = await SiloProcess.ReadyOf(program, folder.Path, "--Comod:Engine:Precision=float32"))
        {
            var client = silo.Client;
            await client.PutTinyBackbone("tiny");
            Assert.Null((await client.PutDataset("pictures", TinyWorld.Archive(20))).Error);
            byte[][] images = [TinyWorld.Png(0, 70), TinyWorld.Png(1, 70), TinyWorld.Png(2, 70)];
            var expected = new JsonObject { ["images"] = JsonSerializer.SerializeToNode(images) };
            foreach (var readout in new[] { "own", "head" })
            {
                await (
                    await client.PostJson(
                        "/v1/tasks",
                        new
                        {
                            name = readout,
                            backbone = "tiny",
                            dataset = "pictures",
                            readout,
                        }
                    )
                ).ShouldBe<TaskInfo>(HttpStatusCode.Created);
                var job = await client.Ended(
                    await client.PostJson(
                        $"/v1/tasks/{readout}/adapt",
                        new
                        {
                            methods = new[] { "readout", "gain" },
                            options = new
                            {
                                steps = 20,
                                batch = 8,
                                gate = "off",
                            },
                        }
                    )
                );
                Assert.Equal([1, 2], job.Versions);
                var answers = new JsonArray();
                foreach (var version in job.Versions)
                {
                    await (
                        await client.PostJson($"/v1/tasks/{readout}/activate", new ActivateRequest(version))
                    ).ShouldBe<TaskInfo>(HttpStatusCode.OK);
                    var answer = await client.Predicted(readout, images);
                    answers.Add(JsonSerializer.SerializeToNode(answer.Predictions.Select(p => p.Probabilities)));
                }
                expected[readout] = answers;
            }
            await silo.Kill();
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
}
