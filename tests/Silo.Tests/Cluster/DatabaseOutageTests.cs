using System.Net;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Cluster;

public class DatabaseOutageTests
{
    [Fact]
    public async Task Predict_WhileTheDatabaseIsAway_IsAnsweredAndWritesAreRefused()
    {
        await using var server = await TestServers.Postgres();
        await using var cluster = await TestCluster.Start(await server.NewDatabase(), workers: 1);
        var client = cluster.Client;
        var task = await client.PutTinyTask("parts");
        var before = await client.Predicted("parts", TinyWorld.Png(0, 90));

        await server.Stop();
        for (var i = 0; i < 20; i++)
            Assert.Equal(
                before.Predictions[0].Probabilities,
                (await client.Predicted("parts", TinyWorld.Png(0, 90))).Predictions[0].Probabilities
            );
        await (await client.PostJson("/v1/tasks", task.Spec with { Name = "new" })).ShouldBeProblem(
            HttpStatusCode.ServiceUnavailable,
            "storage-unavailable"
        );
        await server.Start();

        await TestCluster.Until(
            () => client.PostJson("/v1/tasks", task.Spec with { Name = "new" }),
            r => r.StatusCode == HttpStatusCode.Created
        );
        Assert.Single((await client.Predicted("new", TinyWorld.Png(0, 90))).Predictions);
    }
}
