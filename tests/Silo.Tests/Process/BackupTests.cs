using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using ComodCluster.Api;
using ComodCluster.Api.Backups;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Silo.Tests.Cluster;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Process;

/// <summary>Backups over HTTP, restored by the silo's program; then a silo runs on what was restored.</summary>
[Collection(SharedCluster.Name)]
public sealed class BackupTests(SharedCluster shared, PostgresFixture postgres) : IDisposable
{
    private static readonly byte[][] Asked = [TinyWorld.Png(0, 90), TinyWorld.Png(1, 90)];

    private readonly TempFolder _folder = new();
    private string? _database;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Backup => Path.Combine(_folder.Path, "backup");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Backup_OfOneSiloUnderLoad_IsAClusterWhereItsJobGoesOn()
    {
        using var data = new TempFolder();
        PredictResponse answer;
        var acknowledged = new List<string>();
        await using (var silo = await SiloProcess.Ready(data.Path, "--Comod:Engine:CheckpointSeconds=0.2"))
        {
            await silo.Client.PutTinyTask("parts");
            answer = await silo.Client.Predicted("parts", Asked);
            var request = new AdaptRequest
            {
                Id = "long",
                Options = new MethodOptions { Steps = 2000 },
            };
            await (await silo.Client.PostJson("/v1/tasks/parts/adapt", request)).ShouldBe<JobInfo>(
                HttpStatusCode.Accepted
            );
            await silo.Client.When("long", j => j.Trials is [{ Step: > 20 }, ..]);
            var began = new TaskCompletionSource();
            using var end = new CancellationTokenSource();
            var writer = Task.Run(
                async () =>
                {
                    for (var i = 0; !end.IsCancellationRequested; i++)
                    {
                        await (
                            await silo.Client.PostJson(
                                "/v1/tasks",
                                new TaskSpec
                                {
                                    Name = $"task-{i}",
                                    Backbone = "parts",
                                    Dataset = "parts",
                                }
                            )
                        ).ShouldBe<TaskInfo>(HttpStatusCode.Created);
                        lock (acknowledged)
                            acknowledged.Add($"task-{i}");
                        if (i == 3)
                            began.SetResult();
                    }
                },
                Cancellation
            );
            await Task.WhenAny(began.Task, writer);
            string[] before;
            lock (acknowledged)
                before = [.. acknowledged];
            var last = await Last(silo.Client, Backup);
            await end.CancelAsync();
            await writer;
            Assert.Equal((BackupPhase.Done, null), (last.Phase, last.Error));
            Assert.Empty(last.Lost);
            acknowledged = [.. before];
        }
        await Restored(_folder.File("restored/x")[..^2], await Elsewhere());

        await using var again = await SiloProcess.Ready(_folder.File("worker/data"), await Elsewhere());
        var names = (await again.Client.Get<Page<TaskInfo>>("/v1/tasks?limit=1000"))
            .Items.Select(t => t.Spec.Name)
            .ToArray();
        Assert.Subset(names.ToHashSet(), acknowledged.ToHashSet());
        Assert.Equal(
            answer.Predictions.SelectMany(p => p.Probabilities),
            (await again.Client.Predicted("parts", Asked)).Predictions.SelectMany(p => p.Probabilities)
        );
        await again.Client.When("long", j => j.Resumes > 0 && j.Phase == JobPhase.Running);
        Assert.DoesNotContain("begins anew", again.Errors);

        async Task<string[]> Elsewhere() =>
            [
                $"--Comod:Database={_database ??= await postgres.NewDatabase()}",
                $"--Comod:Blobs={_folder.File("blobs/x")[..^2]}",
            ];
    }

    [Fact(Explicit = true), Trait("Category", "Long")]
    public async Task Backup_OfAClusterWhoseGatewayWasKilledInOne_IsOneSilo()
    {
        var cluster = await shared.Whole();
        await cluster.Client.PutTinyTask("backed-up");
        var answer = await cluster.Client.Predicted("backed-up", Asked);
        using (var first = await Begin(cluster.Client, Path.Combine(_folder.Path, "first")))
            await cluster.Gateway.Kill();
        cluster = await shared.Whole();

        var last = await TestCluster.Until(() => Last(cluster.Client, Backup), state => state is not null);
        await Restored(_folder.File("restored/x")[..^2]);

        Assert.Equal((BackupPhase.Done, null), (last!.Phase, last.Error));
        await using var alone = await SiloProcess.Ready(_folder.File("restored/x")[..^2]);
        Assert.Equal(
            answer.Predictions.SelectMany(p => p.Probabilities),
            (await alone.Client.Predicted("backed-up", Asked)).Predictions.SelectMany(p => p.Probabilities)
        );
    }

    [Theory]
    [InlineData("there is no", "/nowhere/at/all")]
    [InlineData("'--backup needs", "/", "--backup", "zero")]
    public async Task Restore_OfThisKind_OneSentence(string named, params string[] arguments)
    {
        var end = await SiloProcess.Fails(["restore", .. arguments, "--data-dir", Path.Combine(_folder.Path, "new")]);
        Assert.StartsWith("comod restore: ", end.Errors);
        Assert.DoesNotContain("\n", end.Errors);
        Assert.Contains(named.Trim('\''), end.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_folder.Files());
    }

    private static async Task<HttpResponseMessage> Begin(HttpClient client, string directory)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/backups")
        {
            Content = JsonContent.Create(
                new BackupRequest { Directory = directory },
                options: JsonSerializerOptions.Web
            ),
        };
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    /// <summary>Backs up to the end, and what is told last.</summary>
    private static async Task<BackupProgress> Last(HttpClient client, string directory)
    {
        using var response = await Begin(client, directory);
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        var events = await SseParser
            .Create(stream, (_, data) => JsonSerializer.Deserialize<BackupProgress>(data, JsonSerializerOptions.Web)!)
            .EnumerateAsync(Cancellation)
            .ToListAsync(Cancellation);
        Assert.Equal("progress", events[0].EventType);
        return events[^1].Data;
    }

    private async Task Restored(string data, params string[] settings)
    {
        await using var restore = SiloProcess.Begin(["restore", Backup, "--data-dir", data, .. settings]);
        Assert.True(await restore.Exit() == 0, restore.Errors);
    }
}
