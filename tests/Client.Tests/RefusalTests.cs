using System.Net;
using ComodCluster.Api;

namespace ComodCluster.Client.Tests;

public class RefusalTests
{
    private static readonly CancellationToken s_cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_Problem_BecomesExceptionWithCodeStatusAndDetail()
    {
        var server = new ScriptedServer().Problem(404, ErrorCodes.NotFound, "There is no task named 'x'.");
        using var client = server.Client();
        var refused = await Assert.ThrowsAsync<ComodApiException>(() => client.Tasks.Get("x", s_cancellation));
        Assert.Equal(
            (ErrorCodes.NotFound, 404, "There is no task named 'x'."),
            (refused.Code, refused.Status, refused.Detail)
        );
    }

    [Fact]
    public async Task Get_PageOfAProxy_IsAnUnexpectedAnswer()
    {
        var server = new ScriptedServer().Json("<html>Bad gateway</html>", HttpStatusCode.BadGateway, "text/html");
        using var client = server.Client();
        var refused = await Assert.ThrowsAsync<ComodApiException>(() => client.Tasks.Get("x", s_cancellation));
        Assert.Equal((ComodApiException.Unexpected, 502), (refused.Code, refused.Status));
    }

    [Fact]
    public async Task Get_BodyOfAnotherShape_IsAnUnexpectedAnswer()
    {
        var server = new ScriptedServer().Json("""{"hello":1}""");
        using var client = server.Client();
        var refused = await Assert.ThrowsAsync<ComodApiException>(() => client.Tasks.Get("x", s_cancellation));
        Assert.Equal(ComodApiException.Unexpected, refused.Code);
    }

    [Fact]
    public async Task Get_NobodyListens_IsUnreachable()
    {
        var server = new ScriptedServer().NoServer();
        using var client = server.Client();
        var refused = await Assert.ThrowsAsync<ComodApiException>(() => client.Tasks.Get("x", s_cancellation));
        Assert.Equal((ComodApiException.Unreachable, 0), (refused.Code, refused.Status));
    }

    [Fact]
    public async Task Delete_Busy_WaitsAsLongAsAskedAndSendsAgain()
    {
        var server = new ScriptedServer()
            .Problem(429, ErrorCodes.Busy, "busy", retryAfter: 3)
            .Problem(503, ErrorCodes.StorageUnavailable, "later", retryAfter: 7)
            .Json("", HttpStatusCode.NoContent);
        using var client = server.Client();
        await client.Tasks.Delete("x", s_cancellation);
        Assert.Equal([TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(7)], server.Time.Waits);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Delete_BusyForAges_GivesUpWithTheServersReason()
    {
        var server = new ScriptedServer();
        for (var i = 0; i < 3; i++)
            server.Problem(429, ErrorCodes.Busy, "The queue is full.", retryAfter: 3600);
        using var client = server.Client(new() { Retries = 2, LongestWait = TimeSpan.FromSeconds(5) });
        var refused = await Assert.ThrowsAsync<ComodApiException>(() => client.Tasks.Delete("x", s_cancellation));
        Assert.Equal((ErrorCodes.Busy, 429), (refused.Code, refused.Status));
        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)], server.Time.Waits);
    }

    [Fact]
    public async Task Upload_BusyAtFirst_SendsTheWholeFileAgain()
    {
        byte[] file = [.. Enumerable.Range(0, 300_000).Select(i => (byte)i)];
        var server = new ScriptedServer()
            .Problem(503, ErrorCodes.StorageUnavailable, "later", retryAfter: 1)
            .Json(WatchTests.Job("import-1", "queued", 0));
        using var client = server.Client();
        var opened = 0;
        await client.Datasets.Upload(
            "parts",
            () =>
            {
                opened++;
                return new MemoryStream(file);
            },
            seed: 4,
            job: "import-1",
            cancellation: s_cancellation
        );
        Assert.Equal(2, opened);
        Assert.All(
            server.Requests,
            request =>
            {
                Assert.Equal(
                    (HttpMethod.Put, "/v1/datasets/parts?seed=4&job=import-1", "application/zip"),
                    (request.Method, request.Path, request.ContentType)
                );
                Assert.Equal(file, request.Body);
            }
        );
    }
}
