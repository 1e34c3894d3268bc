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
/// What silos of earlier builds stored: today's reads it, serves it and finishes what was begun. See README.md.
/// </summary>
public class SnapshotTests(PostgresFixture postgres)
{
    // Other processors round otherwise.
    private const double Tolerance = 1e-4;

    // The snapshots' own, also where the processor has a faster one.
    private const string Precision = "--Comod:Engine:Precision=float32";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Each with both stores; the others are of RemovedSettingsTests and PlacesTests.
    public static TheoryData<string> Snapshots =>
        [
            .. Directory
                .GetDirectories(Root)
                .Select(folder => Path.GetFileName(folder))
                .Where(name => name is not ("removed-settings" or "places"))
                .Order(StringComparer.Ordinal),
        ];

    private static string Root => Path.Combine(AppContext.BaseDirectory, "Snapshots");

    [Theory, MemberData(nameof(Snapshots))]
    public async Task Start_OnSqliteOfAnEarlierBuild_HasAllOfIt(string snapshot)
    {
        using var folder = new TempFolder();
        Unpack(snapshot, "sqlite", folder.Path);
        await using var silo = await SiloProcess.Ready(folder.Path, Precision);
        await HasAllOfIt(silo.Client, snapshot, "sqlite");
    }

    [Theory, MemberData(nameof(Snapshots))]
    public async Task Start_OnPostgresOfAnEarlierBuild_HasAllOfIt(string snapshot)
    {
        var database = await postgres.NewDatabase();
        using var folder = new TempFolder();
        Unpack(snapshot, "postgres", folder.Path);
        await using (var source = NpgsqlDataSource.Create(database))
        await using (
            var load = source.CreateCommand(
                await File.ReadAllTextAsync(Path.Combine(folder.Path, "dump.sql"), Cancellation)
            )
        )
            await load.ExecuteNonQueryAsync(Cancellation);
        await using var silo = await SiloProcess.Ready(
            Path.Combine(folder.Path, "data"),
            $"--Comod:Database={database}",
            $"--Comod:Blobs={Path.Combine(folder.Path, "blobs")}",
            "--Comod:Cluster:Name=today",
            Precision
        );
        await HasAllOfIt(silo.Client, snapshot, "postgres");
    }

    private static async Task HasAllOfIt(HttpClient client, string snapshot, string name)
    {
        var expected = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(Root, snapshot, name + ".json"), Cancellation)
        )!;
        foreach (var (path, answer) in expected["answers"]!.AsObject())
            Covers(path, answer, await client.GetFromJsonAsync<JsonNode>(path, Cancellation));

        var images = expected["images"].Deserialize<byte[][]>()!;
        foreach (var prediction in expected["predictions"]!.AsArray())
        {
            var (task, version) = (prediction!["task"]!.GetValue<string>(), prediction["version"]!.GetValue<int>());
            await (
                await client.PostJson($"/v1/tasks/{task}/activate", new ActivateRequest(version))
            ).ShouldBe<TaskInfo>(HttpStatusCode.OK);
            var predicted = await client.Predicted(task, images);
            Assert.Equal(version, predicted.Version);
            foreach (
                var (before, now) in prediction["probabilities"].Deserialize<float[][]>()!.Zip(predicted.Predictions)
            )
            foreach (var (p, q) in before.Zip(now.Probabilities))
                Assert.Equal(p, q, Tolerance);
        }

        // It stood at a checkpoint when its silo was killed.
        var interrupted = (await client.Events("interrupted-1")).Last().Data;
        Assert.Equal((JobPhase.Succeeded, null), (interrupted.Phase, interrupted.Error));
        Assert.InRange(interrupted.Resumes, 1, int.MaxValue);
        Assert.Equal([1], interrupted.Versions);
        var ended = await client.Get<TaskInfo>("/v1/tasks/interrupted");
        Assert.Equal((TaskPhase.Ready, 1), (ended.Phase, ended.LatestVersion));
        Assert.Equal(3, (await client.Predicted("interrupted", images)).Predictions.Count);
        await (await client.GetAsync("/v1/tasks/gone", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
    }

    /// <summary>
    /// Everything that was there has the same value; members and objects that came later are no matter.
    /// </summary>
    private static void Covers(string at, JsonNode? before, JsonNode? now)
    {
        switch (before, now)
        {
            case (JsonObject was, JsonObject present):
                foreach (var (name, value) in was)
                    Covers($"{at}.{name}", value, present[name]);
                break;
            case (JsonArray was, JsonArray present) when was is [JsonObject, ..] && Key(was[0]!) is not null:
                foreach (var element in was)
                    Covers($"{at}[{Key(element!)}]", element, present.SingleOrDefault(p => Key(p!) == Key(element!)));
                break;
            case (JsonArray was, JsonArray present):
                Assert.True(was.Count == present.Count, $"{at}: {was.Count} were there, {present.Count} are");
                for (var i = 0; i < was.Count; i++)
                    Covers($"{at}[{i}]", was[i], present[i]);
                break;
            default:
                Assert.True(
                    JsonNode.DeepEquals(before, now),
                    $"{at} was {before?.ToJsonString() ?? "null"} and is {now?.ToJsonString() ?? "null"}"
                );
                break;
        }
    }

    private static string? Key(JsonNode element) => (element["uid"] ?? element["id"])?.GetValue<string>();

    private static void Unpack(string snapshot, string name, string folder) =>
        ZipFile.ExtractToDirectory(Path.Combine(Root, snapshot, name + ".zip"), folder);
}
