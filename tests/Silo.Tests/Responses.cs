using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ComodCluster.Silo.Tests;

/// <summary>What the tests expect of answers.</summary>
internal static class Responses
{
    /// <summary>The answer is a complete problem with this status and code; returns its detail.</summary>
    public static async Task<string> ShouldBeProblem(
        this HttpResponseMessage response,
        HttpStatusCode status,
        string code
    )
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal($"urn:comod:problem:{code}", problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        var detail = problem.GetProperty("detail").GetString()!;
        Assert.EndsWith(".", detail);
        Assert.DoesNotContain("\n", detail);
        Assert.DoesNotContain("Exception", detail);
        Assert.DoesNotContain("comod-test-", detail);
        return detail;
    }

    public static async Task<T> ShouldBe<T>(this HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} {body}");
        return JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web)!;
    }

    public static Task<HttpResponseMessage> PostJson<T>(this HttpClient client, string path, T body) =>
        client.PostAsJsonAsync(path, body, JsonSerializerOptions.Web, TestContext.Current.CancellationToken);

    public static Task<HttpResponseMessage> PostText(
        this HttpClient client,
        string path,
        string body,
        string type = "application/json"
    ) => client.PostAsync(path, new StringContent(body, null, type), TestContext.Current.CancellationToken);
}
