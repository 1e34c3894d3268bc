using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ComodCluster.Api.Tasks;
using ComodCluster.Engine.Data.Images;

namespace ComodCluster.Silo.Tests.Api.Tasks;

public class PredictEndpointTests(RunningSilo silo)
{
    private readonly HttpClient _client = silo.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Predict_RawBodyAndForm_Agree()
    {
        await _client.PutTinyTask("pr-raw");
        var image = TinyWorld.Png(2, 50);
        var form = await _client.Predicted("pr-raw", image);
        foreach (var type in new[] { "image/png", "application/octet-stream" })
        {
            var raw = await (
                await _client.PostAsync("/v1/tasks/pr-raw/predict", SiloCalls.Bytes(image, type), Cancellation)
            ).ShouldBe<PredictResponse>(HttpStatusCode.OK);
            Assert.Equal(form.Predictions.Single().Probabilities, raw.Predictions.Single().Probabilities);
        }
        Assert.Equal(64, (await _client.Predicted("pr-raw", [.. Enumerable.Repeat(image, 64)])).Predictions.Count);
        Assert.Contains(
            "comod_predict_duration_seconds_count{",
            await _client.GetStringAsync("/metrics", Cancellation)
        );
    }

    [Fact]
    public async Task Predict_BadImages_RefusedWithReason()
    {
        await _client.PutTinyTask("pr-bad");
        await Refused(
            SiloCalls.Bytes("no image at all"u8.ToArray(), "image/png"),
            HttpStatusCode.UnprocessableEntity,
            "image-unreadable"
        );
        await Refused(
            SiloCalls.Bytes(TinyWorld.Png(0, 0)[..60], "image/png"),
            HttpStatusCode.UnprocessableEntity,
            "image-unreadable"
        );
        await Refused(SiloCalls.Bytes([], "image/png"), HttpStatusCode.BadRequest, "request-invalid");
        await Refused(
            SiloCalls.Bytes(new byte[21_000_000], "image/png"),
            HttpStatusCode.RequestEntityTooLarge,
            "image-too-large"
        );
        await Refused(
            SiloCalls.Bytes(ManyPixels(), "image/png"),
            HttpStatusCode.RequestEntityTooLarge,
            "image-too-large"
        );
        await Refused(
            Form(TinyWorld.Png(0, 0), new byte[21_000_000]),
            HttpStatusCode.RequestEntityTooLarge,
            "image-too-large"
        );
        await Refused(
            Form([.. Enumerable.Repeat(TinyWorld.Png(0, 0), 65)]),
            HttpStatusCode.BadRequest,
            "request-invalid"
        );
        await Refused(new MultipartFormDataContent(), HttpStatusCode.BadRequest, "request-invalid");
        await Refused(
            SiloCalls.Bytes("--x\r\nbroken"u8.ToArray(), "multipart/form-data; boundary=x"),
            HttpStatusCode.BadRequest,
            "request-invalid"
        );
        await Refused(SiloCalls.Bytes([1], "multipart/form-data"), HttpStatusCode.BadRequest, "request-invalid");
        Assert.Single((await _client.Predicted("pr-bad", TinyWorld.Png(0, 0))).Predictions);
    }

    /// <summary>What one image of several can be refused for, wherever in the silo that is noticed.</summary>
    [Fact]
    public async Task Predict_BadImagesAmongSeveral_AreAllNamedAndSpoilNoOtherWhereAsked()
    {
        await _client.PutTinyTask("pr-some");
        byte[] good = TinyWorld.Png(2, 50);
        byte[][] images = [good, new byte[21_000_000], "no image"u8.ToArray(), good, [], ManyPixels(), good[..60]];
        string[] codes =
        [
            "image-too-large",
            "image-unreadable",
            "image-unreadable",
            "image-too-large",
            "image-unreadable",
        ];
        int[] bad = [1, 2, 4, 5, 6];

        using (var form = Form(images))
        {
            var refused = await _client.PostAsync("/v1/tasks/pr-some/predict", form, Cancellation);
            await refused.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "image-too-large");
        }
        using (var form = Form(images[2..]))
        {
            var refused = await _client.PostAsync("/v1/tasks/pr-some/predict?partial=false", form, Cancellation);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            Assert.StartsWith("Image 1 of 5 (image-0.png): ", problem.GetProperty("detail").GetString());
            Assert.EndsWith(" 3 more cannot be used.", problem.GetProperty("detail").GetString());
            var named = problem.GetProperty("images").Deserialize<ImageRefusal[]>(JsonSerializerOptions.Web)!;
            Assert.Equal([0, 2, 3, 4], named.Select(image => image.Index));
            Assert.Equal(codes[1..], named.Select(image => image.Code));
            Assert.Equal("image-3.png", named[2].Name);
        }
        using (var form = Form(images))
        {
            var some = await (
                await _client.PostAsync("/v1/tasks/pr-some/predict?partial=true", form, Cancellation)
            ).ShouldBe<PredictResponse>(HttpStatusCode.OK);
            Assert.Equal(bad, some.Predictions.Select((p, i) => p.Error is null ? -1 : i).Where(i => i >= 0));
            Assert.Equal(bad, some.Predictions.Select(p => p.Error).OfType<ImageRefusal>().Select(e => e.Index));
            Assert.Equal(codes, some.Predictions.Select(p => p.Error).OfType<ImageRefusal>().Select(e => e.Code));
            var alone = await _client.Predicted("pr-some", good);
            Assert.Equal(alone.Predictions[0].Probabilities, some.Predictions[3].Probabilities);
        }
        using (
            var form = Form([
                [1],
            ])
        )
        {
            var none = await (
                await _client.PostAsync("/v1/tasks/pr-some/predict?partial=true", form, Cancellation)
            ).ShouldBe<PredictResponse>(HttpStatusCode.OK);
            Assert.Equal("image-unreadable", Assert.Single(none.Predictions).Error?.Code);
        }
        using (var form = Form(good, good))
        {
            var all = await _client.PostAsync("/v1/tasks/pr-some/predict", form, Cancellation);
            Assert.DoesNotContain("error", await all.Content.ReadAsStringAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Predict_WithADeadline_AnswersInTimeOrSaysSo()
    {
        await _client.PutTinyTask("pr-late");
        async Task<HttpResponseMessage> Within(string timeout) =>
            await _client.PostAsync(
                $"/v1/tasks/pr-late/predict?timeoutMs={timeout}",
                SiloCalls.Bytes(TinyWorld.Png(0, 0), "image/png"),
                Cancellation
            );
        Assert.Single((await (await Within("60000")).ShouldBe<PredictResponse>(HttpStatusCode.OK)).Predictions);
        foreach (var wrong in new[] { "0", "-1", "60001", "soon" })
            await (await Within(wrong)).ShouldBeProblem(HttpStatusCode.BadRequest, "request-invalid");

        // The body is still on its way when the time is over.
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = async (connection, cancellation) =>
                {
                    await socket.ConnectAsync(connection.DnsEndPoint, cancellation);
                    return new NetworkStream(socket);
                },
            }
        )
        {
            BaseAddress = _client.BaseAddress,
        };
        using var late = new LateContent(TinyWorld.Png(0, 0), socket);
        await (await client.PostAsync("/v1/tasks/pr-late/predict?timeoutMs=50", late, Cancellation)).ShouldBeProblem(
            HttpStatusCode.GatewayTimeout,
            "deadline-exceeded"
        );
        Assert.Single((await (await Within("60000")).ShouldBe<PredictResponse>(HttpStatusCode.OK)).Predictions);
    }

    /// <summary>Sends its bytes when the answer has begun to arrive.</summary>
    private sealed class LateContent(byte[] bytes, Socket answer) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync(Cancellation);
            // A read of nothing ends when there is something to read.
            await answer.ReceiveAsync(Memory<byte>.Empty, Cancellation);
            await stream.WriteAsync(bytes, Cancellation);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private async Task Refused(HttpContent body, HttpStatusCode status, string code)
    {
        using (body)
            await (await _client.PostAsync("/v1/tasks/pr-bad/predict", body, Cancellation)).ShouldBeProblem(
                status,
                code
            );
    }

    private static MultipartFormDataContent Form(params byte[][] images)
    {
        var form = new MultipartFormDataContent();
        for (var i = 0; i < images.Length; i++)
            form.Add(SiloCalls.Bytes(images[i], "image/png"), "image", $"image-{i}.png");
        return form;
    }

    /// <summary>42 megapixels in a few bytes, as the header says.</summary>
    private static byte[] ManyPixels()
    {
        var png = ImageDecoder.EncodePng(RgbImage.Black(1, 1));
        // Width and height of the IHDR chunk, whose checksum readers may verify.
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 7000);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 6000);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32(png.AsSpan(12, 17)));
        return png;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = new ICSharpCode.SharpZipLib.Checksum.Crc32();
        crc.Update(bytes.ToArray());
        return (uint)crc.Value;
    }
}
