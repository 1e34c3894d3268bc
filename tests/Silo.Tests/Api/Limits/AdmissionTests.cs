using System.Net;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Api.Workers;
using ComodCluster.Contracts;
using ComodCluster.Grains.Workers;
using ComodCluster.Silo.Api.Limits;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Problems;
using ComodCluster.Silo.Telemetry;
using ComodCluster.Silo.Tests.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace ComodCluster.Silo.Tests.Api.Limits;

[Collection(SmallSilo.Name)]
public class AdmissionTests(SmallSilo silo, RunningSilo here)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 2, "1 predictions are in flight at this gateway")]
    [InlineData(2, 1, "1 predictions of this task are in flight")]
    public void Predict_PlacesTaken_IsBusyUntilOneIsFree(int all, int ofTask, string said)
    {
        using var admission = new Admission(
            new AdmissionLimits { Predictions = all, PredictionsPerTask = ofTask },
            here.Services.GetRequiredService<WorkerList>(),
            here.Services.GetRequiredService<AdmissionInstruments>()
        );
        using (admission.Predict(TenantName.Default, "a"))
        {
            var refused = Assert.Throws<RefusalException>(() => admission.Predict(TenantName.Default, "a"));
            Assert.Equal(("busy", 429), (refused.Refusal.Code, refused.Refusal.Status));
            Assert.StartsWith(said, refused.Message);
        }
        admission.Predict(TenantName.Default, "a").Dispose();
    }

    [Fact]
    public async Task Upload_PlaceTakenByAFastOne_Is429BeforeTheBodyIsSent()
    {
        // More than all buffers on its way: where it is sent, the silo has read of it and it has its place.
        var body = new byte[40_000_000];
        var slow = new HeldContent(body, "application/zip");
        var first = silo.Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Put, "/v1/datasets/first") { Content = slow },
            Cancellation
        );
        await slow.Begun.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        // A client sends bodies of up to 1,024 bytes also after a refusal.
        var refused = new HeldContent(new byte[2048], "application/zip");
        using var second = await silo
            .Client.SendAsync(
                new HttpRequestMessage(HttpMethod.Put, "/v1/datasets/second")
                {
                    Content = refused,
                    Headers = { ExpectContinue = true },
                },
                Cancellation
            )
            .WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await second.ShouldBeProblem(HttpStatusCode.TooManyRequests, "busy");
        Assert.True(second.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.False(refused.Begun.IsCompleted);
        slow.GoOn();
        Assert.Equal(HttpStatusCode.Accepted, (await first).StatusCode);
    }

    [Fact]
    public async Task Adapt_TooManyJobsWait_Is429()
    {
        var client = silo.Client;
        foreach (var name in new[] { "first", "second", "third" })
            await (
                await client.PostJson(
                    "/v1/tasks",
                    new TaskSpec
                    {
                        Name = name,
                        Backbone = "parts",
                        Dataset = "parts",
                        Options = new MethodOptions { Cut = "layer1", Steps = 5000 },
                    }
                )
            ).ShouldBe<TaskInfo>(HttpStatusCode.Created);
        await (await client.PostJson("/v1/tasks/first/adapt", new AdaptRequest { Id = "first" })).ShouldBe<JobInfo>(
            HttpStatusCode.Accepted
        );
        await (await client.PostJson("/v1/tasks/second/adapt", new AdaptRequest { Id = "second" })).ShouldBe<JobInfo>(
            HttpStatusCode.Accepted
        );
        await TestCluster.Until(
            () => client.Get<IReadOnlyList<WorkerReport>>("/v1/workers"),
            w => w.Single().WaitingJobs == 1
        );
        await (await client.PostJson("/v1/tasks/third/adapt", new AdaptRequest { Id = "third" })).ShouldBeProblem(
            HttpStatusCode.TooManyRequests,
            "busy"
        );
        foreach (var job in new[] { "first", "second" })
            await (await client.PostAsync($"/v1/jobs/{job}/cancel", null, Cancellation)).ShouldBe<JobInfo>(
                HttpStatusCode.OK
            );
        Assert.Contains("comod_admission_refused_total{", await client.GetStringAsync("/metrics", Cancellation));
    }

    /// <summary>Sends its first three quarters, and the others when it is told to.</summary>
    private sealed class HeldContent : HttpContent
    {
        private readonly byte[] _bytes;
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously),
            _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HeldContent(byte[] bytes, string type)
        {
            _bytes = bytes;
            Headers.ContentType = new(type);
        }

        public Task Begun => _begun.Task;

        public void GoOn() => _goOn.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_bytes.AsMemory(0, 3 * _bytes.Length / 4));
            await stream.FlushAsync();
            _begun.TrySetResult();
            await _goOn.Task;
            await stream.WriteAsync(_bytes.AsMemory(3 * _bytes.Length / 4));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
