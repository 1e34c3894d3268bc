using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Snapshots;

/// <summary>
/// What the last build stored that had the settings of docs/decisions/0016-removed-settings.md: served, or refused by a
/// sentence.
/// </summary>
public class RemovedSettingsTests
{
    // Other processors round otherwise.
    private const double Tolerance = 1e-4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Snapshots", "removed-settings");

    [Fact]
    public async Task Start_OnWhatTheLastBuildWithTheSettingsStored_ServesOrSaysWhyNot()
    {
        using var folder = new TempFolder();
        await ZipFile.ExtractToDirectoryAsync(Path.Combine(Folder, "sqlite.zip"), folder.Path, Cancellation);
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "sqlite.json"), Cancellation))!;
        var images = expected["images"].Deserialize<byte[][]>()!;
        await using var silo = await SiloProcess.Ready(folder.Path, "--Comod:Engine:Precision=float32");
        var client = silo.Client;

        // Its job stood at a checkpoint.
        var job = (await client.Events("interrupted-1")).Last().Data;
        Assert.Equal((JobPhase.Failed, ErrorCodes.SettingsRemoved), (job.Phase, job.Error?.Code));
        Assert.Contains("the setting labelForm, which was removed", job.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(TaskPhase.Failed, (await client.Get<TaskInfo>("/v1/tasks/interrupted")).Phase);

        // Lists have all; the active version has gains of layers, the second those of classes.
        Assert.Equal(
            [(1, true), (2, false), (3, false)],
            (await client.Get<List<VersionInfo>>("/v1/tasks/versions/versions")).Select(v => (v.Version, v.Active))
        );
        Assert.Contains(
            "gainAt",
            await (await client.Predict("versions", images)).ShouldBeProblem(
                HttpStatusCode.UnprocessableEntity,
                ErrorCodes.SettingsRemoved
            ),
            StringComparison.Ordinal
        );
        await (await client.GetAsync("/v1/tasks/versions/versions/1/maps", Cancellation)).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity,
            ErrorCodes.SettingsRemoved
        );
        var refused = await (
            await client.PostJson("/v1/tasks/versions/activate", new ActivateRequest(2))
        ).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, ErrorCodes.SettingsRemoved);
        Assert.Contains("gainPer", refused, StringComparison.Ordinal);

        // What only trained differently is served as it was.
        await (await client.PostJson("/v1/tasks/versions/activate", new ActivateRequest(3))).ShouldBe<TaskInfo>(
            HttpStatusCode.OK
        );
        var answer = await client.Predicted("versions", images);
        Assert.Equal(3, answer.Version);
        foreach (var (before, now) in expected["probabilities"].Deserialize<float[][]>()!.Zip(answer.Predictions))
        foreach (var (p, q) in before.Zip(now.Probabilities))
            Assert.Equal(p, q, Tolerance);
        Assert.Null((await client.Adapted("versions", new AdaptRequest())).Error);

        // It was registered with one.
        refused = await (await client.PostJson("/v1/tasks/options/adapt", new AdaptRequest())).ShouldBeProblem(
            HttpStatusCode.BadRequest,
            ErrorCodes.SettingsRemoved
        );
        Assert.Contains("The task was registered with the setting strength", refused, StringComparison.Ordinal);
        Assert.Equal(0, (await client.Predicted("options", images)).Version);
    }
}
