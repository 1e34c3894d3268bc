using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using ComodCluster.Api;
using ComodCluster.Api.Backups;
using ComodCluster.Silo.Tests.Cluster;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Api.Backups;

public sealed class BackupEndpointTests(RunningSilo silo) : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Post_Directory_TellsProgressAndThenTheBackup()
    {
        var events = await Events(await Post(_folder.Path));

        Assert.Equal(("progress", "done"), (events[0].EventType, events[^1].EventType));
        var done = events[^1].Data;
        Assert.Equal((_folder.Path, 1, BackupPhase.Done, null), (done.Directory, done.Number, done.Phase, done.Error));
        Assert.Equal((done.Blobs, done.Bytes), (done.BlobsDone, done.BytesDone));
        Assert.Contains("backup-1.json", _folder.Files());
    }

    [Fact]
    public async Task Post_RelativeDirectory_IsRefused() =>
        Assert.Contains(
            "no absolute path",
            await (await Post("backup")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, ErrorCodes.BackupDirectory)
        );

    [Fact]
    public async Task Post_DiskThatIsTooSmall_FailsWithItsDirectory()
    {
        using var mount = SmallMount.OrSkip("size=500k");

        var last = (await Events(await Post(mount.Path)))[^1];

        Assert.Equal(("failed", ErrorCodes.StorageFull), (last.EventType, last.Data.Error?.Code));
        Assert.Contains($"'{mount.Path}' is full", last.Data.Error?.Message);
    }

    [Fact]
    public async Task Post_ThatNobodyReadsToItsEnd_MakesRoomForTheNext()
    {
        (await Post(_folder.File("first/x")[..^2])).Dispose();

        var next = await TestCluster.Until(
            () => Post(_folder.File("second/x")[..^2]),
            answer => answer.StatusCode != HttpStatusCode.Conflict
        );

        Assert.Equal("done", (await Events(next))[^1].EventType);
    }

    private async Task<HttpResponseMessage> Post(string directory)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/backups")
        {
            Content = JsonContent.Create(
                new BackupRequest { Directory = directory },
                options: JsonSerializerOptions.Web
            ),
        };
        return await silo.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    private static async Task<List<SseItem<BackupProgress>>> Events(HttpResponseMessage answer)
    {
        using var response = answer;
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        return await SseParser
            .Create(stream, (_, data) => JsonSerializer.Deserialize<BackupProgress>(data, JsonSerializerOptions.Web)!)
            .EnumerateAsync(Cancellation)
            .ToListAsync(Cancellation);
    }
}
