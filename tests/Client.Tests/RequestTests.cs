using System.Text;
using ComodCluster.Api.Cluster;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Client.Tests;

public class RequestTests
{
    private static readonly CancellationToken s_cancellation = TestContext.Current.CancellationToken;

    private static string Task(string name) =>
        $$$"""{"uid":"u","spec":{"name":"{{{name}}}","backbone":"b","dataset":"d"},"phase":"ready","classes":["x","y"],"readout":"head","activeVersion":0,"latestVersion":0,"created":"2026-11-23T12:00:00+00:00"}""";

    [Fact]
    public async Task List_SeveralPages_FollowsThemAll()
    {
        var server = new ScriptedServer()
            .Json($$"""{"items":[{{Task("a")}},{{Task("b")}}],"next":"b/2"}""")
            .Json($$"""{"items":[{{Task("c")}}],"next":null}""");
        using var client = server.Client();
        var tasks = await client.Tasks.List(s_cancellation);
        Assert.Equal(["a", "b", "c"], tasks.Select(task => task.Spec.Name));
        Assert.Equal(
            ["/v1/tasks?limit=1000", "/v1/tasks?limit=1000&after=b%2F2"],
            server.Requests.Select(request => request.Path)
        );
    }

    [Fact]
    public async Task Adapt_Methods_AreSentByTheirNamesInTheApi()
    {
        var server = new ScriptedServer().Json(WatchTests.Job("a", "queued", 0));
        using var client = server.Client();
        await client.Tasks.Adapt(
            "gears",
            new AdaptRequest
            {
                Methods = [Method.Comodulation, Method.Readout],
                Options = new() { Estimator = CovarianceEstimator.MonteCarlo },
            },
            s_cancellation
        );
        var body = Encoding.UTF8.GetString(server.Requests[0].Body);
        Assert.Contains("\"methods\":[\"comodulation\",\"readout\"]", body);
        Assert.Contains("\"estimator\":\"monte-carlo\"", body);
    }

    [Fact]
    public async Task RaiseFormat_DryRun_SaysSoInTheBody()
    {
        var server = new ScriptedServer().Json(
            """{"format":2,"newest":2,"silos":[{"name":"a","silo":"s","oldest":1,"newest":2}]}"""
        );
        using var client = server.Client();
        Assert.Equal(
            2,
            (await client.Cluster.Raise(new FormatRequest { Format = 2, DryRun = true }, s_cancellation)).Newest
        );
        Assert.Equal("/v1/cluster/format", server.Requests[0].Path);
        Assert.Equal("""{"format":2,"dryRun":true}""", Encoding.UTF8.GetString(server.Requests[0].Body));
    }

    [Fact]
    public async Task Predict_Images_AreTheFormsPartsInOrder()
    {
        var server = new ScriptedServer().Json(
            """{"task":"gears","version":1,"classes":["x","y"],"predictions":[{"label":"x","probabilities":[0.75,0.25]}]}"""
        );
        using var client = server.Client();
        var answer = await client.Tasks.Predict("gears", ["first"u8.ToArray(), "second"u8.ToArray()], s_cancellation);
        var body = Encoding.UTF8.GetString(server.Requests[0].Body);
        Assert.StartsWith("multipart/form-data", server.Requests[0].ContentType);
        Assert.InRange(
            body.IndexOf("second", StringComparison.Ordinal),
            body.IndexOf("first", StringComparison.Ordinal),
            int.MaxValue
        );
        Assert.Equal([0.75f, 0.25f], answer.Predictions[0].Probabilities);
    }
}
