using System.Net;
using System.Threading.Channels;
using ComodCluster.Silo.Tests.Process;

namespace ComodCluster.Silo.Tests.Cluster;

[Collection(SharedCluster.Name)]
public class RollingRestartTests(SharedCluster shared)
{
    [Fact]
    public async Task Restart_EverySiloInTurnUnderLoad_NoPredictionFails()
    {
        var cluster = await shared.Whole();
        await cluster.Client.PutTinyTask("parts");
        var expected = (await cluster.Client.Predicted("parts", TinyWorld.Png(0, 90))).Predictions[0].Probabilities;
        SiloProcess[] gateways = [cluster.Gateway, await cluster.Add("gateway-2", "gateway")];
        var balancer = new Balancer(gateways);
        using var over = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => balancer.Predict("parts", expected, over.Token)));

        foreach (var name in cluster.Workers.Keys.ToArray())
        {
            Assert.Equal(0, await cluster.Workers[name].Terminate());
            await cluster.AddWorker(name);
            await cluster.Knows(2);
        }
        foreach (var (i, name) in new[] { "gateway", "gateway-2" }.Index())
        {
            // As a load balancer does: whoever is no longer ready gets nothing more.
            Assert.Equal(0, await balancer.Leave(i).Terminate());
            gateways[i] = await cluster.Add(name, "gateway");
            balancer.Join(i, gateways[i]);
        }
        cluster.Gateway = gateways[0];

        await Task.WhenAny(balancer.More(20), load);
        await over.CancelAsync();
        await load;
        Assert.True(balancer.Answered > 50, $"{balancer.Answered} predictions were answered.");
        await gateways[1].Terminate();
    }

    /// <summary>Sends each prediction once, to a gateway that is in.</summary>
    private sealed class Balancer(params SiloProcess[] gateways)
    {
        // Time between one user's predictions: a load that leaves the silos that start some of the processor.
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

        private readonly SiloProcess?[] _gateways = [.. gateways];
        private readonly Channel<bool> _answers = Channel.CreateUnbounded<bool>();
        private int _answered;

        public int Answered => Volatile.Read(ref _answered);

        /// <summary>Completes with so many answers from now on.</summary>
        public async Task More(int answers)
        {
            while (_answers.Reader.TryRead(out _)) { }
            for (var i = 0; i < answers; i++)
                await _answers.Reader.ReadAsync(TestContext.Current.CancellationToken);
        }

        public SiloProcess Leave(int gateway) => Interlocked.Exchange(ref _gateways[gateway], null)!;

        public void Join(int gateway, SiloProcess silo) => Volatile.Write(ref _gateways[gateway], silo);

        public async Task Predict(string task, IReadOnlyList<float> expected, CancellationToken over)
        {
            using var rate = new PeriodicTimer(Interval);
            for (var i = 0; !over.IsCancellationRequested; i++)
            {
                if (Volatile.Read(ref _gateways[i % _gateways.Length]) is not { } gateway)
                    continue;
                using var body = SiloCalls.Bytes(TinyWorld.Png(0, 90), "image/png");
                using var response = await gateway.Client.PostAsync(
                    $"/v1/tasks/{task}/predict",
                    body,
                    TestContext.Current.CancellationToken
                );
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Equal(
                    expected,
                    (await response.ShouldBe<ComodCluster.Api.Tasks.PredictResponse>(HttpStatusCode.OK))
                        .Predictions[0]
                        .Probabilities
                );
                Interlocked.Increment(ref _answered);
                _answers.Writer.TryWrite(true);
                await rate.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }
    }
}
