using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ComodCluster.Silo.Tests.Problems;

public class RequestProblemTests(RunningSilo silo)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnknownRoute_404() =>
        Assert.Contains(
            "/v1/taks",
            await (await silo.Client.GetAsync("/v1/taks", Cancellation)).ShouldBeProblem(
                HttpStatusCode.NotFound,
                "route-unknown"
            )
        );

    [Fact]
    public async Task UnknownMethod_405WithAllowed() =>
        Assert.Contains(
            "GET, POST",
            await (await silo.Client.DeleteAsync("/v1/tasks", Cancellation)).ShouldBeProblem(
                HttpStatusCode.MethodNotAllowed,
                "method-not-allowed"
            )
        );

    [Theory]
    [InlineData("/v1/tasks/none")]
    [InlineData("/v1/datasets/none")]
    [InlineData("/v1/backbones/none")]
    [InlineData("/v1/tasks/none/versions")]
    [InlineData("/v1/tasks/none/versions/1/maps")]
    [InlineData("/v1/datasets/none/images/train/0")]
    public async Task UnknownName_404ThatNamesIt(string path) =>
        Assert.Contains(
            "'none'",
            await (await silo.Client.GetAsync(path, Cancellation)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found")
        );

    [Fact]
    public async Task Problem_ClientAcceptsOnlyImages_StillHasABody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/tasks/none")
        {
            Headers = { Accept = { new MediaTypeWithQualityHeaderValue("image/png") } },
        };
        await (await silo.Client.SendAsync(request, Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
    }

    [Theory]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"colour\":1}", "'colour'")]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\"}", "'dataset'")]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":null}", "dataset")]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"readout\":\"middle\"}", "head, own")]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"readout\":1}", "$.readout")]
    [InlineData(
        "{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"options\":{\"sigma\":\"0.1\"}}",
        "$.options.sigma"
    )]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"classes\":[\"x\",null]}", "'classes' has null")]
    [InlineData(
        "{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"classes\":[\"x\\u0000\"]}",
        "'classes' has the"
    )]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\u0000\",\"dataset\":\"c\"}", "no valid JSON at line 1")]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\\u0000\",\"dataset\":\"c\"}", "'backbone' has the")]
    [InlineData(
        "{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"options\":{\"also\":[null]}}",
        "'also' has null"
    )]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", "the member 'name' twice")]
    [InlineData("{\"name\":1,\"backbone\":\"b\",\"dataset\":\"c\"}", "$.name is not a text")]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"classes\":1}", "$.classes is not a list")]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"options\":1}", "$.options is not an object")]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"options\":{\"steps\":1.5}}", "a whole number")]
    [InlineData(
        "{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"options\":{\"steps\":99999999999}}",
        "a whole number"
    )]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"options\":{\"stpes\":1}}", "'stpes'")]
    [InlineData("{\"name\":", "no valid JSON at line 1")]
    [InlineData("{\"name\":\"a\",}", "no valid JSON at line 1")]
    [InlineData("{\n\"name\":nil}", "no valid JSON at line 2")]
    [InlineData("[]", "$")]
    [InlineData("null", "no body")]
    [InlineData("", "no body")]
    public async Task Json_Unusable_400ThatNamesTheMember(string body, string named) =>
        Assert.Contains(
            named,
            OfOurs(
                await (await silo.Client.PostText("/v1/tasks", body)).ShouldBeProblem(
                    HttpStatusCode.BadRequest,
                    "request-invalid"
                )
            )
        );

    [Theory]
    [InlineData("/v1/tasks/bulk", "{\"tasks\":[null]}", "'tasks'")]
    [InlineData(
        "/v1/datasets",
        "{\"name\":\"a\",\"source\":{\"kind\":\"scenes\",\"canvas\":{\"classes\":[\"gear\",null],\"station\":4}}}",
        "'classes'"
    )]
    public async Task Json_NullInAnyList_400ThatNamesTheList(string route, string body, string named) =>
        Assert.Contains(
            named,
            await (await silo.Client.PostText(route, body)).ShouldBeProblem(
                HttpStatusCode.BadRequest,
                "request-invalid"
            )
        );

    [Theory]
    [InlineData("utf-7")]
    [InlineData("klingon")]
    public async Task Json_OfUnknownLetters_415ThatNamesThem(string charset)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/tasks") { Content = new StringContent("{}") };
        request.Content.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");
        Assert.Contains(
            $"'{charset}'",
            await (await silo.Client.SendAsync(request, Cancellation)).ShouldBeProblem(
                HttpStatusCode.UnsupportedMediaType,
                "media-type-unsupported"
            )
        );
    }

    [Fact]
    public async Task Body_InBrokenChunks_400InOurWords()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(silo.Client.BaseAddress!.Host, silo.Client.BaseAddress.Port, Cancellation);
        await socket
            .GetStream()
            .WriteAsync(
                "POST /v1/tasks HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"u8.ToArray(),
                Cancellation
            );
        await socket.GetStream().WriteAsync("Transfer-Encoding: chunked\r\n\r\nzz\r\n{}"u8.ToArray(), Cancellation);
        using var answer = new StreamReader(socket.GetStream());
        var text = await answer.ReadToEndAsync(Cancellation);
        Assert.StartsWith("HTTP/1.1 400 ", text);
        Assert.Contains("chunks of the body cannot be read", text);
    }

    [Theory]
    [InlineData(400, "Unexpected end of request content.", "ended before all of it was there")]
    [InlineData(400, "Bad chunk suffix.", "chunks of the body")]
    [InlineData(408, "Reading the request body timed out. See MinRequestBodyDataRate.", "too slowly")]
    [InlineData(413, "Request body too large. The max request body size is 1 bytes.", "larger than this route takes")]
    [InlineData(
        400,
        "Failed to bind parameter \"int seed\" from \"x\".",
        "seed=x cannot be used; take a whole number."
    )]
    [InlineData(400, "Required parameter \"string name\" was not provided from query string.", "parameter 'name'")]
    [InlineData(400, "Required parameter \"A a\" was not provided from body.", "no body")]
    [InlineData(400, "Anything else.", "cannot be read")]
    public void BadRequest_SentenceOfTheFramework_BecomesOneOfOurs(int status, string theirs, string ours)
    {
        var refusal = BadRequest.Of(new BadHttpRequestException(theirs, status));
        Assert.Equal(status, refusal.Status);
        Assert.Contains(ours, OfOurs(refusal.Detail));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health/live")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/v1/backbones")]
    [InlineData("/v1/datasets")]
    [InlineData("/v1/tasks")]
    [InlineData("/v1/jobs")]
    [InlineData("/v1/workers")]
    public async Task Head_WhereGetIs_SameWithoutABody(string path)
    {
        using var head = await silo.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), Cancellation);
        using var get = await silo.Client.GetAsync(path, Cancellation);
        Assert.Equal(
            (get.StatusCode, get.Content.Headers.ContentType?.MediaType),
            (head.StatusCode, head.Content.Headers.ContentType?.MediaType)
        );
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Head_OfEvents_EndsAtOnce()
    {
        var job = await silo.Client.PutDataset("head-events", TinyWorld.Archive());
        using var head = await silo.Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Head, $"/v1/jobs/{job.Id}/events"),
            Cancellation
        );
        Assert.Equal("text/event-stream", head.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/v1/tasks", "GET", "POST", "HEAD", "OPTIONS")]
    [InlineData("/v1/tasks/a/predict", "POST", "OPTIONS")]
    [InlineData("/v1/datasets/a", "DELETE", "GET", "PUT", "HEAD", "OPTIONS")]
    public async Task OptionsAndUnknownMethods_TellWhatThereIs(string path, params string[] methods)
    {
        foreach (var (asked, status) in new[] { (HttpMethod.Options, 204), (HttpMethod.Patch, 405) })
        {
            using var answer = await silo.Client.SendAsync(new HttpRequestMessage(asked, path), Cancellation);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal(methods.Order(), answer.Content.Headers.Allow.Order());
        }
        using var unknown = await silo.Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Options, "/v1/no"),
            Cancellation
        );
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/v1/tasks?limt=1", "'limt' is no parameter of /v1/tasks/; the nearest is 'limit'.")]
    [InlineData("GET", "/v1/jobs?after=a&colour=1", "'colour'")]
    [InlineData("POST", "/v1/tasks/a/predict?n=1", "it takes timeoutMs")]
    [InlineData("PUT", "/v1/datasets/a?digset=1", "the nearest is 'digest'")]
    [InlineData("PUT", "/v1/backbones/a?arch=resnet18", "it takes architecture, classes, inputSize, digest.")]
    [InlineData("DELETE", "/v1/tasks/a?force=true", "it takes none")]
    [InlineData("POST", "/v1/jobs/a/cancel?name=a", "'name'")]
    [InlineData("GET", "/?x=1", "'x'")]
    public async Task Query_Unknown_400WithTheNearest(string method, string path, string said) =>
        Assert.Contains(
            said,
            await (
                await silo.Client.SendAsync(new HttpRequestMessage(new(method), path), Cancellation)
            ).ShouldBeProblem(HttpStatusCode.BadRequest, "request-invalid")
        );

    [Fact]
    public async Task Json_OtherContentType_415() =>
        await (await silo.Client.PostText("/v1/tasks", "name: a", "application/yaml")).ShouldBeProblem(
            HttpStatusCode.UnsupportedMediaType,
            "media-type-unsupported"
        );

    [Fact]
    public async Task Json_TooLarge_413()
    {
        // Refused before the body is read: who sends it without asking may find the connection closed instead of the
        // answer.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/tasks")
        {
            Content = new StringContent($"{{\"name\":\"{new string('a', 2_000_000)}\"}}", null, "application/json"),
            Headers = { ExpectContinue = true },
        };
        await (await silo.Client.SendAsync(request, Cancellation)).ShouldBeProblem(
            HttpStatusCode.RequestEntityTooLarge,
            "upload-too-large"
        );
    }

    [Theory]
    [InlineData("/v1/tasks?limit=0", "limit=0")]
    [InlineData("/v1/jobs?limit=1001", "limit=1001")]
    [InlineData("/v1/datasets?limit=many", "limit=many cannot be used; take a whole number.")]
    [InlineData("/v1/tasks?phase=asleep", "registered, adapting, ready")]
    [InlineData("/v1/datasets/none/images/left/0", "train, test")]
    public async Task Query_Unusable_400ThatNamesIt(string path, string named) =>
        Assert.Contains(
            named,
            await (await silo.Client.GetAsync(path, Cancellation)).ShouldBeProblem(
                HttpStatusCode.BadRequest,
                "request-invalid"
            )
        );

    [Theory]
    [InlineData("Upper")]
    [InlineData("9lives")]
    [InlineData("a_b")]
    public async Task Name_Invalid_400ThatNamesIt(string name) =>
        Assert.Contains(
            $"'{name}'",
            await (
                await silo.Client.PostText("/v1/tasks", $"{{\"name\":\"{name}\",\"backbone\":\"b\",\"dataset\":\"c\"}}")
            ).ShouldBeProblem(HttpStatusCode.BadRequest, "name-invalid")
        );

    [Fact]
    public async Task Host_OfAnotherMachine_403()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/tasks") { Headers = { Host = "evil.example" } };
        await (await silo.Client.SendAsync(request, Cancellation)).ShouldBeProblem(
            HttpStatusCode.Forbidden,
            "origin-refused"
        );
    }

    [Theory]
    [InlineData("POST", "/v1/jobs/a/cancel", "Sec-Fetch-Site", "cross-site")]
    [InlineData("GET", "/v1/tasks", "Sec-Fetch-Site", "cross-site")]
    [InlineData("POST", "/v1/jobs/a/cancel", "Sec-Fetch-Site", "same-site")]
    [InlineData("POST", "/v1/workers/a/drain", "Origin", "http://evil.example")]
    [InlineData("POST", "/v1/workers/a/drain", "Origin", "http://127.0.0.1:1")]
    [InlineData("POST", "/v1/tasks", "Origin", "null")]
    [InlineData("PUT", "/v1/datasets/a", "Origin", "https://evil.example")]
    [InlineData("DELETE", "/v1/tasks/a", "Origin", "http://localhost:3000")]
    public async Task Browser_FromAnotherSite_403(string method, string path, string header, string value)
    {
        using var request = new HttpRequestMessage(new(method), path);
        request.Headers.Add(header, value);
        await (await silo.Client.SendAsync(request, Cancellation)).ShouldBeProblem(
            HttpStatusCode.Forbidden,
            "origin-refused"
        );
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", null)]
    public async Task Browser_OfTheSiloItself_Answered(string header, string? value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/v1/tasks/none");
        request.Headers.Add(header, value ?? silo.Client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        await (await silo.Client.SendAsync(request, Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
    }

    [Fact]
    public async Task Predict_UnsupportedType_415()
    {
        using var text = new StringContent("hello", Encoding.UTF8, "text/plain");
        await (await silo.Client.PostAsync("/v1/tasks/none/predict", text, Cancellation)).ShouldBeProblem(
            HttpStatusCode.UnsupportedMediaType,
            "media-type-unsupported"
        );
    }

    /// <summary>No sentence of the framework, and no name of a type.</summary>
    private static string OfOurs(string detail)
    {
        foreach (var theirs in new[] { "System.", "ComodCluster", "LineNumber", "nullab", "deserializ", ".NET" })
            Assert.DoesNotContain(theirs, detail, StringComparison.OrdinalIgnoreCase);
        return detail;
    }
}
