using System.Net;
using System.Net.Http.Headers;
using System.Text;

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
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", "name")]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"classes\":[\"x\",null]}", "'classes' has null")]
    [InlineData(
        "{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"classes\":[\"x\\u0000\"]}",
        "'classes' has the"
    )]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\u0000\",\"dataset\":\"c\"}", "0x00")]
    [InlineData("{\"name\":\"a\",\"backbone\":\"b\\u0000\",\"dataset\":\"c\"}", "'backbone' has the")]
    [InlineData(
        "{\"name\":\"a\",\"backbone\":\"b\",\"dataset\":\"c\",\"options\":{\"also\":[null]}}",
        "'also' has null"
    )]
    [InlineData("{\"name\":", "JSON")]
    [InlineData("[]", "$")]
    [InlineData("", "body")]
    public async Task Json_Unusable_400ThatNamesTheMember(string body, string named) =>
        Assert.Contains(
            named,
            await (await silo.Client.PostText("/v1/tasks", body)).ShouldBeProblem(
                HttpStatusCode.BadRequest,
                "request-invalid"
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
    [InlineData("/v1/datasets?limit=many", "limit")]
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

    [Fact]
    public async Task Browser_FromAnotherSite_403()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs/a/cancel");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        await (await silo.Client.SendAsync(request, Cancellation)).ShouldBeProblem(
            HttpStatusCode.Forbidden,
            "origin-refused"
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
}
