using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ComodCluster.Api.Tasks;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Snapshots;

/// <summary>What the last build stored whose readouts had no places.</summary>
public class PlacesTests
{
    // Other processors round otherwise.
    private const double Tolerance = 1e-4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Snapshots", "places");

    [Fact]
    public async Task Start_OnReadoutsOfTheLastBuildWithoutPlaces_ShowsWhatTheyAreAndAnswersAsBefore()
    {
        using var folder = new TempFolder();
        await ZipFile.ExtractToDirectoryAsync(Path.Combine(Folder, "sqlite.zip"), folder.Path, Cancellation);
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "sqlite.json"), Cancellation))!;
        var images = expected["images"].Deserialize<byte[][]>()!;
        await using var silo = await SiloProcess.Ready(folder.Path, "--Comod:Engine:Precision=float32");
        var client = silo.Client;

        foreach (var (task, readout) in new[] { ("own", Method.ReadoutPenultimate), ("head", Method.Readout) })
        {
            var versions = await client.Get<List<VersionInfo>>($"/v1/tasks/{task}/versions");
            Assert.Equal([readout, Method.Gain], versions.Select(v => v.Method));
            foreach (var version in versions)
            {
                await (
                    await client.PostJson($"/v1/tasks/{task}/activate", new ActivateRequest(version.Version))
                ).ShouldBe<TaskInfo>(HttpStatusCode.OK);
                var answer = await client.Predicted(task, images);
                Assert.Equal(version.Version, answer.Version);
                var before = expected[task]![version.Version - 1].Deserialize<float[][]>()!;
                foreach (
                    var (p, q) in before.SelectMany(p => p).Zip(answer.Predictions.SelectMany(p => p.Probabilities))
                )
                    Assert.Equal(p, q, Tolerance);
            }
        }

        await client.Adapted("own", new AdaptRequest { Methods = [Method.Readout] });
        var made = (await client.Get<List<VersionInfo>>("/v1/tasks/own/versions"))[^1];
        Assert.Equal((Method.Readout, true), (made.Method, made.Readout is not null));
    }
}
