using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Infrastructure.Servers;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Cluster;

public class S3ClusterTests(PostgresFixture postgres, S3Fixture s3)
{
    [Fact]
    public async Task Kill_TheOnlySilo_AnotherOnAnEmptyDirectoryPredictsTheSame()
    {
        var server = await s3.Server;
        var prefix = server.NewPrefix();
        await using var cluster = TestCluster.On(
            await postgres.NewDatabase(),
            Settings(server, prefix, LocalS3.SecretKey)
        );
        var first = await cluster.Add("first", "worker,gateway");
        await first.Client.PutTinyTask("parts");
        Assert.Equal(JobPhase.Succeeded, (await first.Client.Adapted("parts", new AdaptRequest())).Phase);
        var expected = await first.Client.Predicted("parts", TinyWorld.Png(1, 90));

        await first.Kill();
        var second = await cluster.Add("second", "worker,gateway");
        var predicted = await second.Client.Predicted("parts", TinyWorld.Png(1, 90));

        Assert.Equal(expected.Version, predicted.Version);
        Assert.Equal(expected.Predictions.Single().Probabilities, predicted.Predictions.Single().Probabilities);
    }

    [Fact]
    public async Task Start_WrongSecret_OneSentenceWithoutIt()
    {
        var server = await s3.Server;
        using var folder = new TempFolder();

        var (exit, errors) = await SiloProcess.Fails([
            "--data-dir",
            folder.Path,
            "--port",
            "0",
            "--device",
            "cpu",
            .. Settings(server, server.NewPrefix(), "guessed-secret"),
        ]);

        Assert.Equal(1, exit);
        Assert.StartsWith(
            $"comod silo: Access to the bucket 'blobs' at {server.Endpoint} is refused (SignatureDoesNotMatch); "
                + $"check Comod:S3:AccessKey",
            errors
        );
        Assert.DoesNotContain("guessed-secret", errors);
        Assert.DoesNotContain('\n', errors);
    }

    private static string[] Settings(LocalS3 server, string prefix, string secret) =>
        [
            $"--Comod:Blobs={prefix}",
            $"--Comod:S3:Endpoint={server.Endpoint}",
            $"--Comod:S3:AccessKey={LocalS3.AccessKey}",
            $"--Comod:S3:SecretKey={secret}",
        ];
}
