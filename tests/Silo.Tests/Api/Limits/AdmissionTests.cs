using System.Net;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Api.Workers;
using ComodCluster.Silo.Tests.Cluster;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Api.Limits;

/// <summary>On a silo of its own, whose limits are the smallest.</summary>
public class AdmissionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Admission_MoreThanTheLimits_Is429BeforeTheBodyIsSent()
    {
        using var folder = new TempFolder();
        await using var silo = await SiloProcess.Ready(
            folder.Path,
            "--Comod:Admission:Predictions=1",
            "--Comod:Admission:Uploads=1",
            "--Comod:Admission:WaitingJobs=1",
            "--Comod:AdaptationsAtOnce=1"
        );
        var client = silo.Client;
        await client.PutTinyTask("parts");
        await FillsAndRefuses(
            client,
            HttpMethod.Post,
            "/v1/tasks/parts/predict",
            TinyWorld.Png(0, 0),
            "image/png",
            HttpStatusCode.OK
        );
        await FillsAndRefuses(
            client,
            HttpMethod.Put,
            "/v1/datasets/more",
            TinyWorld.Archive(),
            "application/zip",
            HttpStatusCode.Accepted
        );

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

    private static async Task FillsAndRefuses(
        HttpClient client,
        HttpMethod method,
        string path,
        byte[] body,
        string type,
        HttpStatusCode answered
    )
    {
        var slow = new HeldContent(body, type);
        var first = client.SendAsync(new HttpRequestMessage(method, path) { Content = slow }, Cancellation);
        await slow.Begun.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        // A client sends bodies of up to 1,024 bytes also after a refusal.
        var refused = new HeldContent(new byte[2048], type);
        using var second = await client
            .SendAsync(
                new HttpRequestMessage(method, path) { Content = refused, Headers = { ExpectContinue = true } },
                Cancellation
            )
            .WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await second.ShouldBeProblem(HttpStatusCode.TooManyRequests, "busy");
        Assert.True(second.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.False(refused.Begun.IsCompleted);
        slow.GoOn();
        Assert.Equal(answered, (await first).StatusCode);
    }

    /// <summary>Sends its first byte, and the others when it is told to.</summary>
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
            await stream.WriteAsync(_bytes.AsMemory(0, 1));
            await stream.FlushAsync();
            _begun.TrySetResult();
            await _goOn.Task;
            await stream.WriteAsync(_bytes.AsMemory(1));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
