using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;
using Npgsql;

namespace ComodCluster.Silo.Tests.Snapshots;

/// <summary>
/// Makes what <see cref="SnapshotTests"/> reads, with the silo of an earlier build: see README.md. Requests are spelled
/// out, so that today's members are not sent to it.
/// </summary>
public class SnapshotMaker
{
    private static readonly object Options = new
    {
        cut = "layer1",
        grid = 4,
        steps = 20,
        batch = 8,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Silo =>
        Environment.GetEnvironmentVariable("COMOD_SNAPSHOT_SILO")
        ?? throw new InvalidOperationException("Run make.sh, which builds the silo and names it.");

    private static string Target => Environment.GetEnvironmentVariable("COMOD_SNAPSHOT_TARGET")!;

    [Fact(Explicit = true), Trait("Category", "Snapshot")]
    public async Task Make_Sqlite()
    {
        using var folder = new TempFolder();
        await Fill("sqlite", folder.Path);
        Pack(
            Path.Combine(Target, "sqlite.zip"),
            [Path.Combine(folder.Path, "catalog.db"), Path.Combine(folder.Path, "catalog.db-wal")],
            Path.Combine(folder.Path, "blobs")
        );
    }

    [Fact(Explicit = true), Trait("Category", "Snapshot")]
    public async Task Make_Postgres()
    {
        await using var server = await TestServers.Postgres();
        var database = await server.NewDatabase();
        using var folder = new TempFolder();
        var blobs = Path.Combine(folder.Path, "shared");
        await Fill(
            "postgres",
            Path.Combine(folder.Path, "data"),
            $"--Comod:Database={database}",
            $"--Comod:Blobs={blobs}",
            "--Comod:Cluster:Name=earlier"
        );
        var dump = Path.Combine(folder.Path, "dump.sql");
        await File.WriteAllTextAsync(dump, await Dump(new NpgsqlConnectionStringBuilder(database)), Cancellation);
        Pack(Path.Combine(Target, "postgres.zip"), [dump], blobs);
    }

    private static async Task Fill(string name, string data, params string[] settings)
    {
        await using var silo = await SiloProcess.ReadyOf(
            Silo,
            data,
            ["--Comod:Engine:CheckpointSeconds=0.1", "--Comod:Engine:Precision=float32", .. settings]
        );
        var client = silo.Client;
        await client.PutTinyBackbone("tiny");
        Assert.Null((await client.PutDataset("pictures", TinyWorld.Archive(20))).Error);
        Assert.Null((await client.PutDataset("own-names", TinyWorld.Archive(20, "left", "right"))).Error);
        Assert.Equal(JobPhase.Failed, (await client.PutDataset("one-class", TinyWorld.Archive(20, "lonely"))).Phase);

        await Register(client, "registered", "pictures");
        await Register(client, "gone", "pictures");
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync("/v1/tasks/gone", Cancellation)).StatusCode);
        await Register(client, "ready", "pictures");
        await Adapt(client, "ready", new { id = "ready-1" });
        await Adapt(
            client,
            "ready",
            new
            {
                id = "ready-2",
                methods = new[] { "readout", "gain", "comodulation" },
                seeds = new[] { 1 },
            }
        );
        await Register(client, "reverted", "own-names");
        await Adapt(client, "reverted", new { id = "reverted-1" });
        await Adapt(client, "reverted", new { id = "reverted-2", seeds = new[] { 1 } });
        await Register(client, "cancelled", "pictures");
        await Begin(client, "cancelled", new { id = "cancelled-1", options = new { steps = 100_000 } });
        await (await client.PostAsync("/v1/jobs/cancelled-1/cancel", null, Cancellation)).ShouldBe<JobInfo>(
            HttpStatusCode.OK
        );
        Assert.Equal(JobPhase.Cancelled, (await client.Events("cancelled-1")).Last().Data.Phase);

        byte[][] images = [TinyWorld.Png(0, 70), TinyWorld.Png(1, 70), TinyWorld.Png(2, 70)];
        var predictions = new JsonArray();
        foreach (
            var (task, version) in new[]
            {
                ("registered", 0),
                ("ready", 0),
                ("ready", 1),
                ("ready", 2),
                ("ready", 3),
                ("ready", 4),
                ("reverted", 2),
                ("reverted", 1),
            }
        )
        {
            await (await client.PostJson($"/v1/tasks/{task}/activate", new { version })).ShouldBe<TaskInfo>(
                HttpStatusCode.OK
            );
            var predicted = await client.Predicted(task, images);
            Assert.Equal(version, predicted.Version);
            predictions.Add(
                new JsonObject
                {
                    ["task"] = task,
                    ["version"] = version,
                    ["probabilities"] = JsonSerializer.SerializeToNode(
                        predicted.Predictions.Select(p => p.Probabilities)
                    ),
                }
            );
        }
        await (await client.PostJson("/v1/tasks/ready/activate", new { version = 2 })).ShouldBe<TaskInfo>(
            HttpStatusCode.OK
        );

        var answers = new JsonObject();
        string[] paths =
        [
            "backbones",
            "datasets",
            "tasks",
            "jobs",
            "tasks/ready/versions",
            "tasks/reverted/versions",
            "tasks/ready/versions/2/maps",
            "tasks/reverted/versions/1/maps",
        ];
        foreach (var path in paths)
            answers["/v1/" + path] = await client.GetFromJsonAsync<JsonNode>("/v1/" + path, Cancellation);

        await Register(client, "interrupted", "pictures");
        await Begin(client, "interrupted", new { id = "interrupted-1", options = new { steps = 600 } });
        await client.When("interrupted-1", j => j.Trials is [{ Step: > 200 }]);
        await silo.Kill();

        var expected = new JsonObject
        {
            ["answers"] = answers,
            ["images"] = JsonSerializer.SerializeToNode(images),
            ["predictions"] = predictions,
        };
        await File.WriteAllTextAsync(
            Path.Combine(Target, name + ".json"),
            expected.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n",
            Cancellation
        );
    }

    private static async Task Register(HttpClient client, string name, string dataset) =>
        await (
            await client.PostJson(
                "/v1/tasks",
                new
                {
                    name,
                    backbone = "tiny",
                    dataset,
                    options = Options,
                }
            )
        ).ShouldBe<TaskInfo>(HttpStatusCode.Created);

    private static async Task Adapt(HttpClient client, string task, object request) =>
        Assert.Null((await client.Ended(await client.PostJson($"/v1/tasks/{task}/adapt", request))).Error);

    private static async Task Begin(HttpClient client, string task, object request)
    {
        var job = await (await client.PostJson($"/v1/tasks/{task}/adapt", request)).ShouldBe<JobInfo>(
            HttpStatusCode.Accepted
        );
        await client.When(job.Id, j => j.Trials is [{ Step: > 0 }]);
    }

    // Lines for the terminal begin with a backslash; the name of the machine is nobody's business.
    private static async Task<string> Dump(NpgsqlConnectionStringBuilder database)
    {
        var start = new ProcessStartInfo(
            "pg_dump",
            [
                "--inserts",
                "--no-owner",
                "--no-privileges",
                "--no-comments",
                "--host",
                database.Host!,
                "--port",
                $"{database.Port}",
                "--username",
                database.Username!,
                database.Database!,
            ]
        )
        {
            RedirectStandardOutput = true,
            Environment = { ["PGPASSWORD"] = database.Password },
        };
        using var dump = System.Diagnostics.Process.Start(start)!;
        var lines = (await dump.StandardOutput.ReadToEndAsync(Cancellation)).Split('\n');
        await dump.WaitForExitAsync(Cancellation);
        Assert.Equal(0, dump.ExitCode);
        return string.Join('\n', lines.Where(line => !line.StartsWith('\\')))
            .Replace($"'{Dns.GetHostName()}'", "'earlier'", StringComparison.Ordinal);
    }

    internal static void Pack(string path, string[] files, string blobs)
    {
        File.Delete(path);
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var file in files)
            zip.CreateEntryFromFile(file, Path.GetFileName(file), CompressionLevel.SmallestSize);
        foreach (var blob in Directory.GetFiles(blobs, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            zip.CreateEntryFromFile(blob, "blobs/" + Path.GetRelativePath(blobs, blob), CompressionLevel.SmallestSize);
    }
}
