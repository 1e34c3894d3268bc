using System.Net;
using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Silo.Tests.Cluster;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Process;

/// <summary>
/// Blobs that change or vanish on the disk: who needs them hears whose they are and what to do, and nobody else
/// notices.
/// </summary>
public class DamageTests(UsedDirectory used) : IClassFixture<UsedDirectory>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Predict_StateOfTheActiveVersionChanged_IsRefusedUntilAnotherVersionIsActivated()
    {
        using var folder = used.Copy();
        Damage(Blob(folder, used.SecondState));
        await using var again = await SiloProcess.Ready(folder.Path);

        var refused = await PredictionRefused(again);
        Assert.StartsWith("The state of version 2 of the task 'parts' has changed since it was stored", refused);
        Assert.Contains("activate another version", refused);
        await (await again.Client.PostJson("/v1/tasks/parts/activate", new ActivateRequest(1))).ShouldBe<TaskInfo>(
            HttpStatusCode.OK
        );
        await (await again.Client.PostJson("/v1/tasks/parts/activate", new ActivateRequest(2))).ShouldBeProblem(
            HttpStatusCode.ServiceUnavailable,
            ErrorCodes.BlobDamaged
        );

        var answered = await again.Client.Predicted("parts", UsedDirectory.Asked);
        Assert.Equal(1, answered.Version);
        Assert.Equal(used.FirstAnswer, answered.Predictions.Single().Probabilities);
    }

    [Fact]
    public async Task Start_WeightsGone_IsNotReadyForItsPreloadUntilTheyAreUploadedAgain()
    {
        using var folder = used.Copy();
        File.Delete(Blob(folder, used.Weights));
        await using var again = await SiloProcess.Listening(folder.Path, "--Comod:Preload=parts");
        const string Gone = "The file with the weights of the backbone 'parts' is missing";

        await TestCluster.Until(NotReady, reasons => reasons.Contains(Gone, StringComparison.Ordinal));
        Assert.StartsWith(Gone, await PredictionRefused(again));
        Assert.Equal(used.Weights, (await again.Client.PutTinyBackbone("parts")).Digest);

        Assert.Single((await again.Client.Predicted("parts", TinyWorld.Png(1, 90))).Predictions);
        await TestCluster.Until(NotReady, reasons => reasons == "");

        async Task<string> NotReady()
        {
            var response = await again.Client.GetAsync("/health/ready", Cancellation);
            return response.IsSuccessStatusCode
                ? ""
                : await response.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "starting-up");
        }
    }

    [Fact]
    public async Task Adapt_ImagesChanged_TheJobSaysSoAndTheSameImagesUnderAnotherNameHeal()
    {
        using var folder = new TempFolder();
        string digest;
        // An adaptation would leave activations, which the next one reads in place of the images.
        await using (var silo = await SiloProcess.Ready(folder.Path))
        {
            await silo.Client.PutTinyTask("parts");
            digest = (await silo.Client.Get<DatasetInfo>("/v1/datasets/parts")).Digest!;
            await silo.Kill();
        }
        Damage(Blob(folder, digest));
        await using var again = await SiloProcess.Ready(folder.Path);

        var failed = await again.Client.Adapted("parts", new AdaptRequest());
        Assert.Equal((JobPhase.Failed, ErrorCodes.BlobDamaged), (failed.Phase, failed.Error?.Code));
        Assert.StartsWith(
            "The pack with the images of the data set 'parts' has changed since it was stored",
            failed.Error?.Message
        );
        Assert.Equal(0, (await again.Client.Predicted("parts", TinyWorld.Png(1, 90))).Version);
        Assert.Null((await again.Client.PutDataset("copy", TinyWorld.Archive(20))).Error);
        Assert.Equal(digest, (await again.Client.Get<DatasetInfo>("/v1/datasets/copy")).Digest);

        Assert.Equal(JobPhase.Succeeded, (await again.Client.Adapted("parts", new AdaptRequest())).Phase);
    }

    [Fact]
    public async Task Kill_CheckpointChanged_TheJobBeginsAnewAndEndsBitIdentical()
    {
        using var folder = new TempFolder();
        const string OftenStored = "--Comod:Engine:CheckpointSeconds=0.2";
        string[] checkpoints;
        string calm;
        await using (var silo = await SiloProcess.Ready(folder.Path, OftenStored))
        {
            await silo.Client.PutTinyTask("parts");
            calm = await Digest(silo, (await silo.Client.Adapted("parts", Long("calm"))).Versions[0]);
            var before = Blobs(folder);
            await (await silo.Client.PostJson("/v1/tasks/parts/adapt", Long("damaged"))).ShouldBe<JobInfo>(
                HttpStatusCode.Accepted
            );
            string? first = null;
            // Once the first one is gone the job's row names one of those that are there.
            await TestCluster.Until(
                () => Task.FromResult(Blobs(folder).Except(before).ToArray()),
                now => (first ??= now.FirstOrDefault()) is not null && !now.Contains(first)
            );
            await silo.Kill();
            checkpoints = [.. Blobs(folder).Except(before)];
        }
        Assert.NotEmpty(checkpoints);
        foreach (var checkpoint in checkpoints)
            Damage(checkpoint);
        await using var again = await SiloProcess.Ready(folder.Path, OftenStored);

        var job = await again.Client.End("damaged");
        Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));
        Assert.Equal(1, job.Resumes);
        Assert.Equal(calm, await Digest(again, job.Versions[0]));
        Assert.Contains("The job damaged begins anew, since its checkpoint cannot be used", again.Errors);

        static AdaptRequest Long(string id) =>
            new()
            {
                Id = id,
                Options = new MethodOptions { Steps = 400 },
            };
    }

    private static async Task<string> PredictionRefused(SiloProcess silo)
    {
        using var form = new MultipartFormDataContent
        {
            { SiloCalls.Bytes(TinyWorld.Png(1, 90), "image/png"), "image", "image.png" },
        };
        return await (await silo.Client.PostAsync("/v1/tasks/parts/predict", form, Cancellation)).ShouldBeProblem(
            HttpStatusCode.ServiceUnavailable,
            ErrorCodes.BlobDamaged
        );
    }

    private static async Task<string> Digest(SiloProcess silo, int version) =>
        (await silo.Client.Get<IReadOnlyList<VersionInfo>>("/v1/tasks/parts/versions"))
            .Single(v => v.Version == version)
            .Digest;

    private static string[] Blobs(TempFolder folder) =>
        Directory.GetFiles(Path.Combine(folder.Path, "blobs"), "*", SearchOption.AllDirectories);

    private static string Blob(TempFolder folder, string digest) =>
        Blobs(folder).Single(path => Path.GetFileName(path) == digest);

    /// <summary>Turns a bit in the middle, as a disk does.</summary>
    private static void Damage(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
