using System.Net;
using System.Security.Cryptography;
using ComodCluster.Silo.Tests.Cluster;

namespace ComodCluster.Silo.Tests.Api.Limits;

/// <summary>Bodies that come slowly, that are many, or that are not what they say.</summary>
[Collection(SmallSilo.Name)]
public class BodyTests(SmallSilo silo)
{
    private const string Predict = "POST /v1/tasks/parts/predict",
        Json = "application/json";

    /// <summary>Every route that takes a body.</summary>
    private static readonly (string Route, string Type)[] Routes =
    [
        (Predict, "image/png"),
        ("PUT /v1/datasets/late", "application/zip"),
        ("PUT /v1/backbones/late", "application/octet-stream"),
        ("POST /v1/tasks", Json),
        ("POST /v1/tasks/bulk", Json),
        ("POST /v1/tasks/parts/adapt", Json),
        ("POST /v1/tasks/parts/activate", Json),
        ("POST /v1/datasets", Json),
        ("POST /v1/backbones/late/train", Json),
        ("POST /v1/plan", Json),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Uri Address => silo.Client.BaseAddress!;

    [Fact]
    public async Task SlowBodies_OfEveryRoute_HoldUpNobodyAndAreRefused()
    {
        var slow = new List<HeldRequest>();
        foreach (var (route, type) in Routes)
        foreach (int? length in new int?[] { 60_000, null })
            slow.Add(await HeldRequest.Send(Address, route, type, sent: 100, length, Cancellation));

        await silo.Client.Predicted("parts", TinyWorld.Png(0, 0));
        Assert.Null((await silo.Client.PutDataset("quick", TinyWorld.Archive())).Error);

        foreach (var (held, (route, _)) in slow.Zip(Routes.SelectMany(r => new[] { r, r })))
        {
            var answer = await held.Answer(Cancellation);
            Assert.True(answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), $"{route}: {answer}");
            Assert.Contains("\"code\":\"body-too-slow\"", answer);
            Assert.Contains("send at least 50000 bytes per second", answer);
            held.Dispose();
        }
    }

    [Fact]
    public async Task Upload_StalledOneHasThePlace_GivesItUp()
    {
        using var stalled = await HeldRequest.Send(
            Address,
            "PUT /v1/datasets/stalled",
            "application/zip",
            sent: 200_000,
            length: 1_000_000,
            Cancellation
        );
        var answer = stalled.Answer(Cancellation);
        await TestCluster.Until(
            async () =>
            {
                // Refused until the other has been waited for a second.
                using var comes = await silo.Client.PutAsync(
                    "/v1/datasets/after",
                    SiloCalls.Bytes(TinyWorld.Archive(), "application/zip"),
                    Cancellation
                );
                return answer.IsCompleted;
            },
            ended => ended
        );
        Assert.StartsWith("HTTP/1.1 429 ", await answer);
        Assert.Contains("Retry-After: ", await answer);
        Assert.Contains("All 1 places for uploads of this gateway are wanted", await answer);
    }

    [Fact]
    public async Task Bodies_MoreThanTheBudget_Are429AndItsBytesComeBack()
    {
        using (await HeldRequest.Send(Address, Predict, "image/png", sent: 200_000, length: 250_000, Cancellation))
        {
            await Held(bytes => bytes == 200_000);
            using var promised = await HeldRequest.Send(Address, Predict, "image/png", 0, 150_000, Cancellation);
            using var coming = await HeldRequest.Send(Address, Predict, "image/png", 150_000, null, Cancellation);
            await TestCluster.Until(Metrics, text => text.Contains("kind=\"body\"} 2", StringComparison.Ordinal));
            // Its rest is still to come, and what was read of it holds no room.
            await Held(bytes => bytes == 200_000);
            await coming.End(Cancellation);
            foreach (var refused in new[] { promised, coming })
            {
                var answer = await refused.Answer(Cancellation);
                Assert.True(answer.StartsWith("HTTP/1.1 429 ", StringComparison.Ordinal), answer);
                Assert.Contains("Retry-After: 1", answer);
            }
            await silo.Client.Predicted("parts", TinyWorld.Png(0, 0));
        }
        await Held(bytes => bytes == 0);
        Assert.Contains("comod_admission_refused_total{", await Metrics());
        await silo.Client.Predicted("parts", TinyWorld.Png(0, 0));
    }

    [Theory]
    [InlineData("POST", "/v1/tasks/parts/predict", "image/png")]
    [InlineData("PUT", "/v1/datasets/damaged", "application/zip")]
    [InlineData("PUT", "/v1/backbones/damaged", "application/octet-stream")]
    [InlineData("POST", "/v1/tasks", Json)]
    public async Task ContentDigest_OfOtherBytes_400WithBoth(string method, string path, string type)
    {
        var body =
            type == Json ? "{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\"}"u8.ToArray() : TinyWorld.Png(0, 0);
        using var request = new HttpRequestMessage(new(method), path) { Content = SiloCalls.Bytes(body, type) };
        var other = SHA256.HashData([0]);
        request.Headers.Add("Content-Digest", $"sha-256=:{Convert.ToBase64String(other)}:");
        var said = await (await silo.Client.SendAsync(request, Cancellation)).ShouldBeProblem(
            HttpStatusCode.BadRequest,
            "digest-mismatch"
        );
        Assert.Contains(Convert.ToHexStringLower(other), said);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(body)), said);
    }

    private Task<string> Metrics() => silo.Client.GetStringAsync("/metrics", Cancellation);

    private async Task Held(Func<long, bool> wanted) =>
        await TestCluster.Until(
            async () =>
                (await Metrics())
                    .Split('\n')
                    .Where(line => line.StartsWith("comod_bodies_held_bytes{", StringComparison.Ordinal))
                    .Select(line => long.Parse(line.Split(' ')[1]))
                    .SingleOrDefault(-1),
            wanted
        );
}
