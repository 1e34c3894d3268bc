using System.Text;
using System.Text.Json;
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

    [Theory]
    [InlineData(1005, true)]
    [InlineData(1000, true)]
    [InlineData(1005, false)]
    [InlineData(1000, false)]
    public async Task Versions_MoreThanAPage_AreReadPageByPage(int count, bool hasPages)
    {
        // A server of an earlier build gives all each time.
        var server = new ScriptedServer()
            .Json(Versions(0, hasPages ? Math.Min(count, 1000) : count))
            .Json(hasPages ? Versions(1000, count - 1000) : Versions(0, count));
        using var client = server.Client();
        var versions = await client.Tasks.Versions("gears", s_cancellation);
        Assert.Equal(Enumerable.Range(1, count), versions.Select(version => version.Version));
        Assert.Equal("/v1/tasks/gears/versions?limit=1000&after=0", server.Requests[0].Path);

        static string Versions(int from, int count) =>
            JsonSerializer.Serialize(
                Enumerable
                    .Range(from + 1, count)
                    .Select(number => new VersionInfo
                    {
                        Version = number,
                        Phase = VersionPhase.Ready,
                        Active = false,
                        Method = Method.Gain,
                        Seed = 0,
                        Job = "job",
                        Examples = 50,
                        Steps = 150,
                        TrainedParameters = 208,
                        Seconds = 1,
                        StateBytes = 4000,
                        Digest = "",
                        BackboneDigest = "",
                        Profile = "",
                        Metrics = new(),
                        Created = default,
                    }),
                JsonSerializerOptions.Web
            );
    }
}
