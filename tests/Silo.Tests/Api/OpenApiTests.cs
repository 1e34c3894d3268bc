using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ComodCluster.Silo.Tests.Api;

public class OpenApiTests(RunningSilo silo)
{
    [Fact]
    public async Task Document_IsValid()
    {
        var read = await Read();
        Assert.Empty(read.Diagnostic?.Errors ?? []);
        Assert.Empty(read.Diagnostic?.Warnings ?? []);
        Assert.Equal("ComodCluster", read.Document!.Info.Title);
    }

    [Fact]
    public async Task Document_ListsEveryRoute()
    {
        var document = (await Read()).Document!;
        var listed = document
            .Paths.SelectMany(path => path.Value.Operations!.Keys.Select(method => $"{method} {path.Key}"))
            .ToHashSet();
        var routes = silo
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText is not ("/metrics" or "/openapi/{documentName}.json"))
            .SelectMany(route =>
                route
                    .Metadata.GetRequiredMetadata<HttpMethodMetadata>()
                    .HttpMethods.Select(method => $"{method} {Plain(route.RoutePattern.RawText!)}")
            )
            .ToHashSet();
        Assert.True(routes.Count > 20);
        Assert.Equal(routes.Order(), listed.Order());
    }

    [Fact]
    public async Task EveryOperation_HasSummaryNameAndSuccess()
    {
        foreach (var (path, item) in (await Read()).Document!.Paths)
        foreach (var (method, operation) in item.Operations!)
        {
            Assert.False(string.IsNullOrEmpty(operation.Summary), $"{method} {path}");
            Assert.False(string.IsNullOrEmpty(operation.OperationId), $"{method} {path}");
            Assert.Contains(operation.Responses!.Keys, status => status[0] == '2');
            Assert.All(
                operation.Responses.Where(r => r.Key[0] is '4' or '5'),
                r => Assert.Contains("application/problem+json", r.Value.Content!.Keys)
            );
        }
    }

    [Fact]
    public async Task Schemas_EnumsAreStringsAndMembersDescribed()
    {
        var schemas = (await Read()).Document!.Components!.Schemas!;
        Assert.Equal(
            [
                "readout",
                "gain",
                "comodulation",
                "shuffled",
                "rate",
                "difference",
                "trained-g",
                "film",
                "bn-affine",
                "lora",
                "full",
                "auto",
                "readout-penultimate",
            ],
            schemas["Method"].Enum!.Select(value => value!.GetValue<string>())
        );
        Assert.Equal(JsonSchemaType.Integer, schemas["ActivateRequest"].Properties!["version"].Type);
        Assert.Contains("code", schemas["ProblemDetails"].Properties!.Keys);
        var (steps, sigma) = (
            schemas["MethodOptions"].Properties!["steps"],
            schemas["MethodOptions"].Properties!["sigma"]
        );
        Assert.Equal(
            ("Optimiser steps [150; 80 for couplings at the cut auto of new classes].", "1", "100000", null),
            (steps.Description, steps.Minimum, steps.Maximum, steps.Default)
        );
        Assert.Equal(3, schemas["MethodOptions"].Properties!["refreshEvery"].Default!.GetValue<int>());
        Assert.Equal(("0", null, "10"), (sigma.ExclusiveMinimum, sigma.Minimum, sigma.Maximum));
        Assert.Equal(
            [8, 16, 32, 64],
            schemas["MethodOptions"].Properties!["batch"].Enum!.Select(value => value!.GetValue<int>())
        );
        Assert.DoesNotContain("gainAt", schemas["MethodOptions"].Properties!.Keys);
        Assert.DoesNotContain("GainScope", schemas.Keys);
    }

    private async Task<Microsoft.OpenApi.Reader.ReadResult> Read()
    {
        await using var json = await silo.Client.GetStreamAsync(
            "/openapi/v1.json",
            TestContext.Current.CancellationToken
        );
        using var copy = new MemoryStream();
        await json.CopyToAsync(copy, TestContext.Current.CancellationToken);
        copy.Position = 0;
        return await OpenApiDocument.LoadAsync(copy, "json", null, TestContext.Current.CancellationToken);
    }

    // "/tasks/{name}/versions/{version:int}/" as the document writes it.
    private static string Plain(string pattern) =>
        System.Text.RegularExpressions.Regex.Replace(
            pattern.TrimEnd('/') is { Length: > 0 } path ? path : "/",
            ":[a-z]+\\}",
            "}"
        );
}
