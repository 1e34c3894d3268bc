using ComodCluster.Api;
using ComodCluster.Api.Jobs;

namespace ComodCluster.Client.Tests;

public class WatchTests
{
    private static readonly CancellationToken s_cancellation = TestContext.Current.CancellationToken;

    public static string Job(string id, string phase, double progress) =>
        $$"""{"id":"{{id}}","kind":"adapt","phase":"{{phase}}","subject":"gears","progress":{{progress}},"created":"2026-11-23T12:00:00+00:00"}""";

    [Fact]
    public async Task Watch_StreamBreaks_ConnectsAgainAndEndsWithTheLastState()
    {
        var server = new ScriptedServer()
            .Events(("progress", Job("a", "running", 0.1)), ("progress", Job("a", "running", 0.4)))
            .NoServer()
            .Events(("progress", Job("a", "running", 0.6)), ("done", Job("a", "succeeded", 1)));
        using var client = server.Client();
        var seen = await client.Jobs.Watch("a", s_cancellation).ToListAsync(s_cancellation);
        Assert.Equal([0.1, 0.4, 0.6, 1], seen.Select(job => job.Progress));
        Assert.Equal(JobPhase.Succeeded, seen[^1].Phase);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Watch_UnknownEvents_AreLeftOut()
    {
        var server = new ScriptedServer().Events(("novelty", "{}"), ("done", Job("a", "failed", 0.3)));
        using var client = server.Client();
        Assert.Equal(JobPhase.Failed, (await client.Jobs.WaitFor("a", s_cancellation)).Phase);
    }

    [Fact]
    public async Task Watch_NoSuchJob_ThrowsAtOnce()
    {
        var server = new ScriptedServer().Problem(404, ErrorCodes.NotFound, "There is no job named 'a'.");
        using var client = server.Client();
        var refused = await Assert.ThrowsAsync<ComodApiException>(() => client.Jobs.WaitFor("a", s_cancellation));
        Assert.Equal(ErrorCodes.NotFound, refused.Code);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Watch_ServerStaysAway_GivesUp()
    {
        var server = new ScriptedServer();
        for (var i = 0; i < 10; i++)
            server.NoServer();
        using var client = server.Client(new() { ReconnectFor = TimeSpan.FromSeconds(2) });
        var refused = await Assert.ThrowsAsync<ComodApiException>(() => client.Jobs.WaitFor("a", s_cancellation));
        Assert.Equal(ComodApiException.Unreachable, refused.Code);
        Assert.InRange(server.Requests.Count, 4, 6);
    }
}
