using System.Net;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Cluster;

public class RollingRestartTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Restart_EverySiloInTurnUnderLoad_NoPredictionFails()
    {
        await using var cluster = await TestCluster.Start(await postgres.NewDatabase(), workers: 2);
        await cluster.Client.PutTinyTask("parts");
        var expected = (await cluster.Client.Predicted("parts", TinyWorld.Png(0, 90))).Predictions[0].Probabilities;
        var balancer = new Balancer(cluster.Gateway, await cluster.Add("gateway-2", "gateway"));
        using var over = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => balancer.Predict("parts", expected, over.Token)));

        foreach (var name in new[] { "worker-1", "worker-2" })
        {
            Assert.Equal(0, await cluster.Workers[name].Terminate());
            await cluster.AddWorker(name);
            await cluster.Knows(2);
        }
        foreach (var (i, name) in new[] { "gateway", "gateway-2" }.Index())
        {
            // As a load balancer does: whoever is no longer ready gets nothing more.
            Assert.Equal(0, await balancer.Leave(i).Terminate());
            balancer.Join(i, await cluster.Add(name, "gateway"));
        }

        var before = balancer.Answered;
        while (balancer.Answered < before + 20 && !load.IsCompleted) await Task.Yield();
        await over.CancelAsync();
        await load;
        Assert.True(balancer.Answered > 50, $"{balancer.Answered} predictions were answered.");
    }

    /// <summary>Sends each prediction once, to a gateway that is in.</summary>
    private sealed class Balancer(params SiloProcess[] gateways)
    {
        private readonly SiloProcess?[] _gateways = [.. gateways];
        private int _answered;

        public int Answered => Volatile.Read(ref _answered);

        public SiloProcess Leave(int gateway) => Interlocked.Exchange(ref _gateways[gateway], null)!;

        public void Join(int gateway, SiloProcess silo) => Volatile.Write(ref _gateways[gateway], silo);

        public async Task Predict(string task, IReadOnlyList<float> expected, CancellationToken over)
        {
            for (var i = 0; !over.IsCancellationRequested; i++)
            {
                if (Volatile.Read(ref _gateways[i % _gateways.Length]) is not { } gateway) continue;
                using var body = SiloCalls.Bytes(TinyWorld.Png(0, 90), "image/png");
                using var response = await gateway.Client.PostAsync($"/v1/tasks/{task}/predict", body, TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Equal(expected, (await response.ShouldBe<ComodCluster.Api.Tasks.PredictResponse>(HttpStatusCode.OK)).Predictions[0].Probabilities);
                Interlocked.Increment(ref _answered);
            }
        }
    }
}
